/** How far scans may go; a setting. It can only forbid: even `ask` asks for public addresses each time. */
export const SCOPE_LIMITS = ['ask', 'private', 'own'] as const;
export type ScopeLimit = (typeof SCOPE_LIMITS)[number];
