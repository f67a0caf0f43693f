// What is typed and not yet at the server, in this browser's own database (IndexedDB). It is written within a second of
// typing, is still there after a crash, and is deleted as soon as the server has it, and when its owner logs out.

/** @typedef {Record<string, string[]>} Content an article's form, as the browser would post it: name → values */
/** @typedef {{ key: string, person: number, number: number, article: number | null, content: Content }} Copy */

const NAME = "pekon-writing"
const STORE = "copies"

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: ["person", "key"] })
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

/** @type {Promise<IDBDatabase>} */
let opened = null

/**
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} act
 * @returns {Promise<T>} once it is on the disk
 */
async function run(mode, act) {
  opened ??= open()
  const transaction = (await opened).transaction(STORE, mode, { durability: "strict" })
  const request = act(transaction.objectStore(STORE))
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result)
    transaction.onerror = transaction.onabort = () => reject(transaction.error)
  })
}

/** @param {Copy} copy */
export const put = (copy) => run("readwrite", (store) => store.put(copy))

/**
 * The person's copies that the server does not have yet.
 *
 * @param {number} person
 * @returns {Promise<Copy[]>}
 */
export const waiting = (person) => run("readonly", (store) => store.getAll(IDBKeyRange.bound([person], [person, []])))

/**
 * Forget a copy, unless something newer was typed meanwhile.
 *
 * @param {Copy} copy
 */
export async function forget(copy) {
  const name = [copy.person, copy.key]
  const kept = await run("readonly", (store) => store.get(name))
  if (kept && kept.number <= copy.number) await run("readwrite", (store) => store.delete(name))
}

/** @param {number} person */
export const clear = (person) => run("readwrite", (store) => store.delete(IDBKeyRange.bound([person], [person, []])))
