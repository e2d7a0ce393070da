/** The options that were given. One that is explicitly undefined counts as left out, as everywhere in JavaScript. */
export function given<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
