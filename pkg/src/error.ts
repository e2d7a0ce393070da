/** An error of pqrst. `code` is stable and meant for programs (`bluetooth.cancelled`); `message` is for people who develop. */
export class PqrstError extends Error {
  override readonly name: string = 'PqrstError';
  /** Stable, dotted: family and cause. */
  readonly code: string;

  /** `options.cause` carries what lay beneath, where there was something. */
  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** An argument of the wrong shape; `what` says what it should be. */
export function invalid(what: string): PqrstError {
  return new PqrstError('argument.invalid', what);
}

/** Whatever was thrown, as a {@link PqrstError}: errors of the wasm module already carry a `code`. */
export function asPqrstError(thrown: unknown, otherwise = 'internal'): PqrstError {
  if (thrown instanceof PqrstError) return thrown;
  if (thrown instanceof Error) {
    const code: unknown = (thrown as { code?: unknown }).code;
    return new PqrstError(typeof code === 'string' ? code : otherwise, thrown.message, { cause: thrown });
  }
  return new PqrstError(otherwise, String(thrown), { cause: thrown });
}

/** Runs `call` and turns what it throws into a {@link PqrstError}. */
export function guarded<T>(call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    throw asPqrstError(thrown);
  }
}
