// The line to the server: one request at a time, tried again by itself while there is no network, no server or no
// session, until there is an answer that trying again would not change.
import { headers, renew, token } from "../session.js"

const WAITS = [1, 2, 4, 8, 15, 30] // seconds until the next attempt
const PATIENCE = 60_000 // milliseconds that one request may take

/** @typedef {"sending" | "waiting" | "logged-out" | "done"} State */

/** An answer that trying again does not change. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message)
    this.status = status
  }
}

/**
 * Until `seconds` are over, or the network or the person is back.
 *
 * @param {number} seconds
 * @returns {Promise<void>}
 */
function pause(seconds) {
  return new Promise((resolve) => {
    const stop = new AbortController()
    const timer = setTimeout(done, seconds * 1000)
    function done() {
      clearTimeout(timer)
      stop.abort()
      resolve()
    }
    window.addEventListener("online", done, { signal: stop.signal })
    window.addEventListener("focus", done, { signal: stop.signal })
  })
}

export class Line {
  #last = Promise.resolve()

  /**
   * @param {string} session address that tells whose session this is, with a fresh CSRF token
   * @param {number} person whose form this is
   * @param {(state: State, stranger?: boolean, reason?: string) => void} say with what the server says of the waiting
   */
  constructor(session, person, say) {
    this.session = session
    this.person = person
    this.say = say
  }

  /**
   * @param {string} address
   * @param {() => BodyInit | null} body made when it is this request's turn; nothing: there is nothing to send any more
   * @returns {Promise<any>} the answer as JSON; null if it was no JSON, or nothing was sent
   */
  send(address, body) {
    const result = this.#last.then(() => this.#persist(address, body()))
    this.#last = result.then(
      () => {},
      () => {},
    )
    return result
  }

  /**
   * @param {string} address
   * @param {BodyInit | null} body
   */
  async #persist(address, body) {
    if (!body) return null
    let renewed = false
    for (let attempt = 0; ; attempt += 1) {
      this.say("sending")
      const answer = await this.#once(address, body)
      if (answer && (answer.ok || (answer.status < 500 && ![401, 403, 408, 429].includes(answer.status)))) {
        this.say("done")
        return this.#read(answer)
      }
      if (answer?.status === 401) await this.#logIn()
      else if (answer?.status === 403) {
        // The token is of another session, or of one that is over, or the act is not allowed: the second time it is the act.
        if (renewed) return this.#read(answer)
        if (!(await this.#renew())) await this.#logIn()
        renewed = true
      } else {
        this.say("waiting", false, await reason(answer))
        await pause(WAITS[Math.min(attempt, WAITS.length - 1)])
      }
    }
  }

  /**
   * @param {string} address
   * @param {BodyInit} body
   * @returns {Promise<Response | null>} nothing if there was no answer
   */
  async #once(address, body) {
    try {
      return await fetch(address, {
        method: "POST",
        body: body instanceof FormData ? withToken(body) : body,
        headers: headers(),
        signal: AbortSignal.timeout(PATIENCE),
      })
    } catch {
      return null
    }
  }

  /** @param {Response} answer */
  async #read(answer) {
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json")
    const said = isJson ? await answer.json() : null
    if (!answer.ok) throw new Refused(answer.status, said?.error ?? "")
    return said
  }

  /** A fresh token for the form. False if there is no session, or it is another person's. */
  async #renew() {
    const session = await renew(this.session, this.person)
    if (session === "stranger") this.say("logged-out", true)
    return session === "fresh"
  }

  async #logIn() {
    this.say("logged-out")
    while (!(await this.#renew())) await pause(3)
    this.say("sending")
  }
}

/**
 * Why the server takes nothing now, in its own words; empty if it does not say.
 *
 * @param {Response | null} answer
 * @returns {Promise<string>}
 */
async function reason(answer) {
  if (answer?.status !== 503) return ""
  try {
    return (await answer.json()).error ?? ""
  } catch {
    return ""
  }
}

/** @param {FormData} body */
function withToken(body) {
  body.set("csrfmiddlewaretoken", token())
  return body
}
