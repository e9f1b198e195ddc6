/*
 * Sends raw packets with sendmmsg, on two threads where there is more to send than one can: a packet's way through the
 * kernel is most of a scan's time. Linux only. They lie in one buffer of records: host number (u16), length (u16), then
 * the packet.
 */
#pragma once
#include "portlight.h"

#define RECORD_HEADER 4

typedef struct sender sender_t;

typedef struct {
  uint32_t count; /* records that the system would not send */
  uint32_t error; /* errno of the last of them */
} refusals_t;

/* For a raw socket that stays the caller's. NULL and errno where the system refuses. */
sender_t *sender_open(int fd, uint32_t family, uint32_t protocol, bool own_header);
/*
 * Sends records, or hands them to the second thread, which sends them while the caller goes on. Returns how many are
 * left, moved to the front: the send queue is full. Refusals may be of records that were handed over before.
 */
uint32_t sender_send(sender_t *sender, const host_t *hosts, uint8_t *records, uint32_t stride, uint32_t count,
                     refusals_t *refusals);
/* What the second thread has not sent yet is not sent any more. */
void sender_close(sender_t *sender);
