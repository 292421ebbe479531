/** How often a request has passed through hooks. The door out writes it, the doors in read it; nobody else sees it. */
export const HOPS_HEADER = "x-hookwright-hops";

/** A hook calls a hook that calls a hook that calls one more, and there it ends. */
export const MAX_HOPS = 3;
