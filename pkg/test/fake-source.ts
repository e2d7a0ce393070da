/** The stand-in needs no bytes. */
export const bytesOf = (): Promise<Uint8Array> => Promise.resolve(new Uint8Array());
export const readable = (): Promise<Uint8Array> => Promise.resolve(new Uint8Array());
