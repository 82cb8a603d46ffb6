// The composer's manners around Gradio's text box: names for screen readers, a draft for each chat, ↑, one press sends once.
(() => {
  const ic = window.imagechat;
  const { say } = ic;
  const pending = new Map();
  let last = null, setAside = null;

  const root = () => document.getElementById("message");
  const area = () => root()?.querySelector("textarea");
  const button = () => root()?.querySelector('[data-testid="submit-button"]');
  const files = () => root()?.querySelectorAll(".thumbnail-item").length ?? 0;
  const key = (chat) => `imagechat.draft.${chat}`;

  function write(text) {
    const box = area();
    if (!box || box.value === text) return;
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, text);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  /** Keeps the draft; what is on its way to the server stays one until the server has it. */
  function keep() {
    const onTheWay = [...pending.values()].find((sent) => sent.chat === ic.chat)?.text ?? "";
    const text = area()?.value.trim() ? area().value : onTheWay, fresh = !new URLSearchParams(location.search).get("chat");
    try {
      if (text.trim()) localStorage.setItem(key(fresh ? "new" : ic.chat), text);
      else localStorage.removeItem(key(fresh ? "new" : ic.chat));
    } catch { /* a full store keeps no drafts, and typing goes on */ }
  }
  function recall(chat, fresh) {
    const draft = localStorage.getItem(key(fresh ? "new" : chat)) ?? "";
    write([...pending.values()].some((sent) => sent.text === draft) ? "" : draft);
  }

  function name() {
    const box = area(), send = button();
    if (!box || !send) return false;
    box.setAttribute("aria-label", say("composer.message"));
    box.setAttribute("dir", "auto");
    box.setAttribute("enterkeyhint", "send");
    send.setAttribute("aria-label", say("composer.send"));
    root().querySelector('[data-testid="upload-button"]')?.setAttribute("aria-label", say("composer.add_picture"));
    for (const each of ["format", "background"]) document.getElementById(each)?.setAttribute("aria-label", say(`composer.${each}`));
    return true;
  }
  function lastSaid() {
    const bubbles = document.querySelectorAll("#conversation .turn.user .bubble");
    return bubbles[bubbles.length - 1]?.textContent ?? "";
  }
  /** Nothing is sent while a picture is on its way up, and nothing twice or empty. */
  function hold(event) {
    const box = area();
    if (ic.live.lost) return stop(event, say("composer.failed"));
    if ([...pending.values()].some((sent) => sent.files.length)) return stop(event, "");  // Its pictures are still in the box.
    if (uploads.size) return stop(event, say("composer.uploading"));
    if (!box.value.trim() && !files()) return stop(event, Date.now() - (last?.time ?? 0) < 1500 ? "" : say("composer.empty") );
    return undefined;
  }
  function stop(event, words) {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (words) ic.toast(words);
  }
  function begin() {
    if (!name()) return setTimeout(begin, 50);
    const house = document.getElementById("composer");
    house.addEventListener("keydown", (event) => {
      if (!event.target.matches("#message textarea")) return;
      if (event.key === "Enter" && !event.shiftKey) {
        if (event.isComposing || event.keyCode === 229) return event.stopImmediatePropagation();
        hold(event);
        if (event.defaultPrevented) return;
        // Gradio's own Enter waits for the next frame, its button does not.
        stop(event);
        button().click();
      }
      if (event.key === "ArrowUp" && !event.target.value && lastSaid()) { event.preventDefault(); write(lastSaid()); }
    }, true);
    house.addEventListener("click", (event) => event.target.closest('[data-testid="submit-button"]') && hold(event), true);
    house.addEventListener("input", (event) => event.target.matches("#message textarea") && keep());
    new MutationObserver(name).observe(house, { childList: true, subtree: true });
    ic.part("conversation").then(() => recall(ic.chat, !new URLSearchParams(location.search).get("chat")));
    return undefined;
  }

  // Uploads: Gradio's own, watched so that they have words and can be stopped.
  const uploads = new Map();
  const fetched = window.fetch;
  window.fetch = async (what, given = {}) => {
    const address = typeof what === "string" ? what : (what?.url ?? String(what));
    if (!/\/upload\?upload_id=/.test(address)) return fetched.call(window, what, given);
    const stopper = new AbortController();
    const files = [...(given.body?.getAll?.("files") ?? [])], names = files.map((file) => file.name).join(", ");
    const large = files.find((file) => file.size > ic.given.upload.bytes);
    const nothing = () => new Response("[]", { headers: { "Content-Type": "application/json" } });
    if (large) {
      ic.toast(say("composer.too_big", { name: large.name, most: ic.given.upload.megabytes }), { kind: "problem" });
      return nothing();
    }
    uploads.set(stopper, names);
    tellUploads();
    try {
      return await fetched.call(window, what, { ...given, signal: stopper.signal });
    } catch (fault) {
      if (!stopper.signal.aborted) throw fault;
      return nothing();
    } finally {
      uploads.delete(stopper);
      tellUploads();
    }
  };
  function tellUploads() {
    const house = document.getElementById("composer");
    house.querySelector(".uploads")?.remove();
    if (!uploads.size) return;
    const rows = [...uploads].map(([stopper, name]) => ic.el("div", {}, ic.el("span", { dir: "auto", text: say("composer.uploading_file", { name }) }),
      ic.el("button", { type: "button", class: "plain", text: say("composer.stop_upload"), onclick: () => stopper.abort() })));
    house.prepend(ic.el("div", { class: "uploads", role: "status" }, ...rows));
  }

  document.addEventListener("imagechat:chat", (event) => recall(event.detail.id, event.detail.fresh));

  ic.composer = {
    /** Fills the outbox as Send is pressed: the chat, and a mark that makes a doubled press one. Empties the box at once. */
    sending(box) {
      const same = last && !last.settled && last.text === box.text && last.chat === ic.chat;
      const nonce = same ? last.nonce : ic.newId();
      last = { nonce, chat: ic.chat, text: box.text ?? "", files: box.files ?? [], fresh: !new URLSearchParams(location.search).get("chat"), time: Date.now(), settled: false };
      pending.set(nonce, last);
      write("");
      setTimeout(() => ic.part("conversation").then((conversation) => conversation.stick()));
      last.late = setInterval(lateness, 1000, last);
      return JSON.stringify({ thread: ic.chat, nonce });
    },
    /** The receipt is here: keep the chat's address, or give everything typed back. Gives the box its new value. */
    settled(receipt, box) {
      const reached = pending.has(receipt?.nonce), sent = pending.get(receipt?.nonce) ?? [...pending.values()][0];
      if (!sent) return box;
      clearInterval(sent.late);
      sent.settled = true;
      pending.delete(sent.nonce);
      const typed = area()?.value ?? "";
      if (reached && !receipt.error) {
        localStorage.removeItem(key(sent.fresh ? "new" : sent.chat));
        ic.settleChat(receipt.thread);
        keep();
        return { text: typed, files: [] };
      }
      ic.toast(reached ? receipt.error.text : say("composer.failed"), { kind: "problem" });
      const text = typed.trim() ? typed : sent.text;
      setTimeout(() => { write(text); keep(); area()?.focus(); });
      return { text, files: sent.files };
    },
    told(receipt) { if (receipt?.notice) ic.toast(receipt.notice); },
    /** A picture's recipe is in the composer; a draft that stood there can be put back. */
    regenerated(receipt) {
      if (receipt?.error) return ic.toast(receipt.error.text, { kind: "problem" });
      const draft = setAside;
      setAside = null;
      ic.tab(0);
      document.getElementById("composer").classList.add("open");
      if (draft?.trim()) ic.toast(say("chat.draft_replaced"), { action: say("chat.put_back"), act: () => write(draft) });
      else ic.toast(say("chat.recipe_ready"));
      setTimeout(() => { area()?.focus(); keep(); }, 60);
      return undefined;
    },
    setAside() { setAside = area()?.value ?? ""; },
    toggle() {
      const open = document.getElementById("composer").classList.toggle("open");
      document.getElementById("options").setAttribute("aria-expanded", String(open));
    },
    focus() { area()?.focus({ preventScroll: true }); },
    write,
  };
  /** Gradio says nothing when the server cannot be reached: what was typed is given back as soon as that is known, at the latest after 20 s. */
  function lateness(sent) {
    if (Date.now() - sent.time < (ic.live.lost ? 2000 : 20000)) return;
    clearInterval(sent.late);
    pending.delete(sent.nonce);
    ic.toast(say("composer.failed"), { kind: "problem" });
    if (sent.chat === ic.chat && !area().value.trim()) write(sent.text);
  }
  begin();
})();
