import type { Summary } from 'pqrst';

/** A result that its patient agreed to send and that has not arrived yet. */
export interface Unsent {
  summary: Summary;
  /** The report's id. */
  id: string;
  /** When the recording ended, on this device's clock, in milliseconds. It stays here; only the age travels. */
  endedMs: number;
}

/** Where the encrypted results lie. */
export interface Shelf {
  all(): Promise<Box[]>;
  put(box: Box): Promise<void>;
  remove(name: string): Promise<void>;
}

/** One encrypted result, under a name that only the holder of the invitation can work out. */
export interface Box {
  name: string;
  expiresMs: number;
  iv: Uint8Array<ArrayBuffer>;
  sealed: ArrayBuffer;
}

/** After this long a result is forgotten. */
export const KEPT_MS = 24 * 3600_000;

/**
 * Keeps unsent results over the closing of the page: AES-GCM, under a key derived from the invitation's secret (HKDF,
 * SHA-256). The key is stored nowhere: what lies on the device can be read only by opening the same invitation again.
 */
export class UnsentResults {
  #shelf: Shelf;
  #keys: Promise<{ name: string; key: CryptoKey }>;

  constructor(token: string, shelf: Shelf = browserShelf()) {
    this.#shelf = shelf;
    this.#keys = keysOf(token);
    // Without WebCrypto nothing is kept; whoever asks is told so below.
    this.#keys.catch(() => undefined);
  }

  /** Keeps a result; false when this browser cannot. */
  async keep(result: Unsent): Promise<boolean> {
    try {
      const { name, key } = await this.#keys;
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, new TextEncoder().encode(JSON.stringify(result)));
      await this.#shelf.put({ name, iv, sealed, expiresMs: result.endedMs + KEPT_MS });
      return true;
    } catch {
      return false;
    }
  }

  /** The result kept for this invitation, if any. Old ones of every invitation are removed on the way. */
  async find(nowMs = Date.now()): Promise<Unsent | null> {
    try {
      const { name, key } = await this.#keys;
      const boxes = await this.#shelf.all();
      for (const { name: old } of boxes.filter(({ expiresMs }) => expiresMs <= nowMs)) await this.#shelf.remove(old);
      const box = boxes.find((one) => one.name === name && one.expiresMs > nowMs);
      if (!box) return null;
      const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: box.iv }, key, box.sealed);
      return JSON.parse(new TextDecoder().decode(plain)) as Unsent;
    } catch {
      return null;
    }
  }

  /** Forgets the result of this invitation. */
  async forget(): Promise<void> {
    await this.#keys.then(({ name }) => this.#shelf.remove(name)).catch(() => undefined);
  }
}

async function keysOf(token: string): Promise<{ name: string; key: CryptoKey }> {
  const secret = await crypto.subtle.importKey('raw', new TextEncoder().encode(token), 'HKDF', false, ['deriveBits', 'deriveKey']);
  const hkdf = (info: string): HkdfParams => ({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: new TextEncoder().encode(info) });
  const name = await crypto.subtle.deriveBits(hkdf('pqrst unsent name 1'), secret, 128);
  const key = await crypto.subtle.deriveKey(hkdf('pqrst unsent key 1'), secret, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  return { name: Array.from(new Uint8Array(name), (byte) => byte.toString(16).padStart(2, '0')).join(''), key };
}

/** The browser's own database. */
function browserShelf(): Shelf {
  const NAME = 'unsent';
  const open = (): Promise<IDBDatabase> => {
    const request = indexedDB.open('pqrst', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(NAME, { keyPath: 'name' });
    return answer(request);
  };
  const within = async <T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> => {
    const database = await open();
    try {
      const transaction = database.transaction(NAME, mode);
      const done = new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error ?? new Error('aborted'));
      });
      const [result] = await Promise.all([answer(act(transaction.objectStore(NAME))), done]);
      return result;
    } finally {
      database.close();
    }
  };
  return {
    all: () => within('readonly', (store) => store.getAll() as IDBRequest<Box[]>),
    put: async (box) => void (await within('readwrite', (store) => store.put(box))),
    remove: async (name) => void (await within('readwrite', (store) => store.delete(name))),
  };
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('refused'));
  });
}
