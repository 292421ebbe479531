interface RegisteredRoute {
  readonly method: string;
  readonly path: string;
}

const matches = (pattern: string, path: string): boolean => {
  const wanted = pattern.split("/");
  const given = path.split("/");
  return (
    wanted.length === given.length &&
    wanted.every((segment, index) =>
      segment.startsWith(":") ? given[index] !== "" : segment === given[index],
    )
  );
};

/** What a path that exists takes, sorted; empty for one that does not. Where there is a GET, HEAD works too. */
export const allowedMethods = (routes: readonly RegisteredRoute[], path: string): readonly string[] => {
  const methods = new Set<string>();
  for (const route of routes) {
    if (route.method === "ALL" || !matches(route.path, path)) continue;
    methods.add(route.method);
    if (route.method === "GET") methods.add("HEAD");
  }
  return [...methods].toSorted();
};
