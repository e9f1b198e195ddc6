/** A codicon by id, with a theme colour that only repeats what the icon and the words say. */
export interface Icon {
  readonly id: string;
  readonly color?: string;
}

/** Everything about a tree element that the user can see. No vscode in here: the drawing layer turns it into a TreeItem. */
export interface Look {
  readonly label: string;
  /** Parts of the label that the filter matched: start and end, in UTF-16 units. */
  readonly highlights?: readonly (readonly [number, number])[];
  readonly description?: string;
  readonly icon?: Icon;
  /** What a decoration after the words stands for. */
  readonly decoration?: string;
  /** A full sentence for screen readers. */
  readonly spoken: string;
  /** What can be done with it, as words between semicolons: `listener;tcp;stoppable`. Menus match it. */
  readonly traits: string;
  readonly expand: 'leaf' | 'collapsed' | 'expanded';
}

export function sameLook(a: Look, b: Look): boolean {
  return (
    a === b ||
    (a.label === b.label &&
      a.description === b.description &&
      a.icon?.id === b.icon?.id &&
      a.icon?.color === b.icon?.color &&
      a.decoration === b.decoration &&
      a.spoken === b.spoken &&
      a.traits === b.traits &&
      a.expand === b.expand &&
      sameRanges(a.highlights ?? [], b.highlights ?? []))
  );
}

function sameRanges(a: NonNullable<Look['highlights']>, b: NonNullable<Look['highlights']>): boolean {
  return a.length === b.length && a.every(([start, end], i) => start === b[i]?.[0] && end === b[i][1]);
}
