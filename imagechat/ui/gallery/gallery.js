// The gallery: thumbnails in pages, loaded as the reader nears the end; the viewer opens any of them.
const ic = window.imagechat;
const { el, say } = ic;
const scroller = element.querySelector(".scroller"), grid = element.querySelector(".grid"), find = element.querySelector(".find");
const status = element.querySelector(".status");
const missed = new Set();
let items = [], older = null, searching = "", token = 0, fetching = false, typed = 0, asking = 0, begun = false;

find.placeholder = say("gallery.search");
find.setAttribute("aria-label", say("gallery.search"));
grid.setAttribute("aria-label", say("gallery.pictures"));

find.addEventListener("input", () => {
  clearTimeout(typed);
  typed = setTimeout(() => read(find.value), 150);
});
new IntersectionObserver((seen) => seen.some((each) => each.isIntersecting) && (begun ? more() : read()), { root: scroller, rootMargin: "800px" }).observe(status);

/** A page by its plain address, which is quicker than Gradio's way to a server function. */
async function page(search, cursor) {
  const words = { search: search.slice(0, 500) }, asked = new URLSearchParams(cursor ? { ...words, cursor } : words);
  return (await fetch(`gallery?${asked}`)).json();
}
async function read(search = searching) {
  const mine = ++token;
  begun = true;
  fetching = true;
  searching = search;
  const got = await ic.call(page, search, null);
  if (mine !== token) return;
  fetching = false;
  if (!got) return broken(() => read(search));
  items = got.pictures;
  older = got.older;
  missed.clear();
  grid.replaceChildren(...items.map(tile));
  for (const news of ic.live.after(got.version)) take(news);
  tell();
}
async function more() {
  if (fetching || !older) return;
  fetching = true;
  status.textContent = say("gallery.loading");
  const mine = token, got = await ic.call(page, searching, older);
  if (mine !== token) return;
  fetching = false;
  if (!got) return broken(more);
  const had = new Set(items.map((each) => each.id)), fresh = got.pictures.filter((each) => !had.has(each.id));
  items.push(...fresh);
  older = got.older;
  grid.append(...fresh.map(tile));
  tell();
}
function tell() {
  const empty = items.length === 0;
  status.replaceChildren(empty ? say(searching ? "gallery.nothing" : "gallery.empty") : older ? say("gallery.loading") : say("gallery.end"));
  if (empty && searching) status.append(" ", el("button", { type: "button", class: "plain", text: say("gallery.clear"), onclick: () => { find.value = ""; read(""); find.focus(); } }));
}
function broken(again) {
  status.replaceChildren(say("gallery.failed"), " ", el("button", { type: "button", class: "plain", text: say("gallery.again"), onclick: again }));
}
function tile(picture) {
  const img = el("img", { src: picture.thumb, alt: picture.alt, loading: "lazy", decoding: "async", width: picture.width, height: picture.height, dir: "auto" });
  const open = el("button", { type: "button", class: "tile", title: picture.prompt.slice(0, 200), "aria-label": say("chat.open_picture", { prompt: picture.prompt.slice(0, 120) }) }, img);
  open.addEventListener("click", () => ic.viewer.open({ items: () => items, at: items.findIndex((each) => each.id === picture.id), more }));
  return el("div", { role: "listitem", class: "cell", "data-picture": picture.id }, open);
}
grid.addEventListener("keydown", (event) => {
  const cells = [...grid.children], at = cells.indexOf(document.activeElement?.closest(".cell"));
  if (at < 0) return;
  const wide = cells.findIndex((cell) => cell.offsetTop > cells[0].offsetTop), columns = wide < 0 ? cells.length : wide;
  const way = getComputedStyle(grid).direction === "rtl" ? -1 : 1;
  const step = { ArrowRight: way, ArrowLeft: -way, ArrowDown: columns, ArrowUp: -columns }[event.key];
  if (!step) return;
  event.preventDefault();
  cells[at + step]?.querySelector(".tile").focus();
});

ic.live.hear((news) => {
  if (!begun) return;
  if (news.reset) return void read();
  take(news);
  if (news.pictures.length) tell();
});
function take(news) {
  for (const picture of news.pictures.filter((each) => !each.private)) {
    const at = items.findIndex((each) => each.id === picture.id);
    if (picture.trashed && at >= 0) {
      const focused = grid.children[at].contains(document.activeElement);
      items.splice(at, 1);
      grid.children[at].remove();
      if (focused) (grid.children[Math.min(at, items.length - 1)]?.querySelector(".tile") ?? find).focus();
    } else if (at >= 0) items[at] = picture;
    else if (picture.trashed) continue;
    else if (!searching) place(picture);
    else {  // Whether it has the words that are looked for only the server knows.
      missed.add(picture.id);
      clearTimeout(asking);
      asking = setTimeout(freshen, 150);
    }
  }
}
/** A picture where it belongs; what lies beyond the pages that were read comes with its own. */
function place(picture) {
  const next = items.findIndex((each) => each.id < picture.id), where = next < 0 ? items.length : next;
  if (where === items.length && older) return;
  items.splice(where, 0, picture);
  grid.insertBefore(tile(picture), grid.children[where] ?? null);
}
/** Those of the pictures that came while something was looked for which are found now, in the pages that were read. */
async function freshen() {
  const mine = token, wanted = new Set(missed), oldest = [...wanted].sort()[0];
  missed.clear();
  let cursor = null;
  do {
    const got = await ic.call(page, searching, cursor);
    if (!got || mine !== token) return;
    for (const picture of got.pictures.filter((each) => wanted.has(each.id) && !items.some((had) => had.id === each.id))) place(picture);
    for (const news of ic.live.after(got.version)) take(news);
    cursor = got.pictures.at(-1)?.id > oldest ? got.older : null;
  } while (cursor);
  tell();
}
ic.join("gallery", { read });
