// The times by which a session works, in milliseconds, and how many items it holds.

/** The current item and the next two. */
export const HELD_ITEMS = 3
export const UNDO_SUBMIT_MS = 5_000
export const RENEW_EVERY_MS = 60_000
/** A claim is renewed when less than this is left of it. */
export const RENEW_BELOW_MS = 10 * 60_000
export const LOOK_AGAIN_MS = 20_000
export const RETRY_CLAIM_MS = 5_000
export const RETRY_SIGNED_OUT_MS = 5_000
/** How long the other tabs have to say that they live. */
export const WHO_LIVES_MS = 150
