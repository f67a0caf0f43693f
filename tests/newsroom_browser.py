"""The newsroom in a browser, for tests and for what looks at it from outside: logging in, and what a device keeps."""

from playwright.sync_api import Page

PASSWORD = "rahasia-uji"
"""Of everybody in the network that tests.seed makes."""
ON_DEVICE = """async () => {
  const database = await new Promise((found) => {
    const request = indexedDB.open("pekon-writing")
    request.onsuccess = () => found(request.result)
  })
  return new Promise((found) => {
    const request = database.transaction("copies").objectStore("copies").count()
    request.onsuccess = () => found(request.result)
  })
}"""
UNTIL_ON_DEVICE = """async (words) => {
  const database = await new Promise((found) => {
    const request = indexedDB.open("pekon-writing")
    request.onsuccess = () => found(request.result)
  })
  const kept = () => new Promise((found) => {
    const request = database.transaction("copies").objectStore("copies").getAll()
    request.onsuccess = () => found(JSON.stringify(request.result))
  })
  for (let turn = 0; turn < 600; turn += 1) {
    if ((await kept()).includes(words)) return
    await new Promise((next) => setTimeout(next, 50))
  }
  throw new Error("not on the device")
}"""


def fill_in(page: Page, name: str, password: str = PASSWORD) -> None:
    """Log in with the log-in page on screen."""
    page.locator("#id_login").fill(name)
    page.locator("#id_password").fill(password)
    page.locator("#id_password").press("Enter")
