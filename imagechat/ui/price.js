// What Send would cost, on the button and in a line below the settings; asked for once somebody stops typing or choosing.
(() => {
  const ic = window.imagechat;
  const { say, box, drafts } = ic;
  const PAUSE = 450;
  let timer = 0, asked = 0, free = null;

  const house = () => document.getElementById("composer");
  const button = () => house()?.querySelector(".submit-button");
  function line() {
    const found = document.getElementById("price");
    if (found) return found;
    const made = ic.el("button", { type: "button", id: "price", onclick: () => ic.tab(2) });
    document.getElementById("controls")?.after(made);
    return made;
  }
  function later(wait = PAUSE) {
    clearTimeout(timer);
    timer = setTimeout(ask, wait);
  }
  async function ask() {
    if (!button() || document.hidden) return;
    const mine = ++asked, conversation = await ic.part("conversation");
    const settings = await ic.composer.settings(conversation.settings);
    if (settings.model === free) return draw({});
    try {
      const got = await conversation.server.fetch_price(box.text, settings, (drafts.of().files ?? []).length, drafts.fresh() ? null : ic.chat);
      if (mine !== asked) return;
      if (got?.error) return draw({});  // Sending will say why; the price of something else says nothing.
      free = got.free && !box.text.startsWith("/") ? settings.model : null;  // /help is free with every model.
      draw(got);
    } catch { /* Nobody needs to know a price that could not be had. */ }
  }
  function draw(got) {
    const send = button(), told = line();
    if (got.button) { send.dataset.price = got.button; send.title = got.text; } else { delete send.dataset.price; send.removeAttribute("title"); }
    told.textContent = got.text ?? "";
    told.classList.toggle("refused", Boolean(got.refused));
    if (got.text) told.setAttribute("aria-label", `${got.text} ${say("composer.price.more")}`);
  }

  for (const event of ["input", "change", "click", "keyup"]) {  // Words and files; what is chosen, Gradio tells once it is true.
    document.addEventListener(event, (happened) => happened.target.closest?.("#composer") && !happened.target.closest("#price") && later());
  }
  document.addEventListener("imagechat:chat", () => { free = null; asked++; later(900); });
  ic.live.hear((news) => { if (news.jobs?.some((job) => job.final)) later(200); });
  ic.price = { later };
})();
