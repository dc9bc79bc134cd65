// Keeps a page that waits for something up to date: fetches it again and swaps its content, without a reload.
// The page names the seconds in <meta name="refresh-seconds">; without JavaScript the <noscript> refresh beside it works.
const declared = document.querySelector('meta[name="refresh-seconds"]');

async function renew() {
  const response = await fetch(window.location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!response || !response.ok) return schedule();
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (response.redirected) return window.location.replace(response.url);
  const content = page.getElementById("content");
  if (!document.getElementById("content").contains(document.activeElement)) {
    document.getElementById("content").replaceChildren(...content.childNodes);
    document.title = page.title;
  }
  if (page.querySelector('meta[name="refresh-seconds"]')) schedule();
}

function schedule() {
  window.setTimeout(renew, Number(declared.content) * 1000);
}

if (declared) schedule();
