// The session that this page belongs to: its CSRF token, and a fresh one after a log-in in another tab.

/** @returns {NodeListOf<HTMLInputElement>} */
const fields = () => document.querySelectorAll("[name=csrfmiddlewaretoken]")

/** What identifies the page's own requests to Django. */
export const token = () => fields()[0].value

/** Headers of a request that wants JSON. */
export const headers = () => ({ Accept: "application/json", "X-CSRFToken": token() })

/**
 * Put a fresh token into all forms of the page.
 *
 * @param {string} address that tells whose session this is, with a fresh token (news/newsroom/working_copies.py)
 * @param {number} person whose page this is
 * @returns {Promise<"fresh" | "none" | "stranger">} whether there is a session, and whether it is another person's
 */
export async function renew(address, person) {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } })
    if (!answer.ok) return "none"
    const given = await answer.json()
    if (given.person !== person) return "stranger"
    for (const field of fields()) field.value = given.csrf
    return "fresh"
  } catch {
    return "none"
  }
}
