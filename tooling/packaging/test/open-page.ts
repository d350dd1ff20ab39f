import { chromium } from "playwright";

/** The browser, as `findChromium` gives it. */
interface Found {
  readonly binary: string;
  readonly environment: Record<string, string>;
}

const SECONDS = 1000;

/** Runs a module in an empty page of a headless browser, and gives what it writes into the page; the first error instead. */
export async function openPage(found: Found, code: string): Promise<string> {
  const browser = await chromium.launch({
    executablePath: found.binary,
    env: { ...process.env, ...found.environment },
    args: ["--disable-gpu", "--disable-quic", "--disable-sync"],
  });
  try {
    const page = await browser.newPage();
    const failed = new Promise<never>((_resolve, reject) => page.once("pageerror", reject));
    await page.setContent(`<p id="out"></p>`);
    await page.addScriptTag({ content: code, type: "module" });
    const out = page.locator("#out:not(:empty)");
    return (await Promise.race([out.textContent({ timeout: 30 * SECONDS }), failed])) ?? "";
  } finally {
    await browser.close();
  }
}
