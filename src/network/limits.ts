/** Bounds of everything that a stranger can make grow. */

/** Public keys whose decoded form is kept. */
export const LRU_KEYS = 4096
