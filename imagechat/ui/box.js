// The text box: Gradio's own, with names for screen readers and words that can be put into it.
(() => {
  const ic = window.imagechat;
  const { say } = ic;
  let usual = "";
  const root = () => document.getElementById("message");

  const box = ic.box = {
    house: () => document.getElementById("composer"),
    area: () => root()?.querySelector("textarea"),
    button: () => root()?.querySelector('[data-testid="submit-button"]'),
    get text() { return box.area()?.value ?? ""; },
    /** The addresses of the pictures that wait beside the words. */
    pictures: () => [...(root()?.querySelectorAll(".thumbnail-item") ?? [])].map((item) => item.querySelector("img")?.src ?? ""),
    write(text) {
      const area = box.area();
      if (!area || area.value === text) return;
      Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(area, text);
      area.dispatchEvent(new Event("input", { bubbles: true }));
    },
    /** What the empty box invites to: what is usual for the model, or to change the picture that stands in it. */
    invite(change) {
      const area = box.area();
      if (!area) return;
      if (area.placeholder !== say("composer.change")) usual = area.placeholder;
      area.placeholder = change ? say("composer.change") : usual;
    },
    focus() { box.area()?.focus({ preventScroll: true }); },
    expand(open) {
      box.house().classList.toggle("open", open);
      box.name();
    },
    /** Gives everything its name and manners; false while Gradio has not drawn it yet. */
    name() {
      const area = box.area(), send = box.button();
      if (!area || !send) return false;
      area.setAttribute("aria-label", say("composer.message"));
      area.setAttribute("dir", "auto");
      area.setAttribute("enterkeyhint", "send");
      send.setAttribute("aria-label", say("composer.send"));
      root().querySelector("input[type=file]")?.setAttribute("accept", "image/png,image/jpeg,image/webp,image/gif");
      root().querySelector('[data-testid="upload-button"]')?.setAttribute("aria-label", say("composer.add_picture"));
      document.getElementById("options")?.setAttribute("aria-expanded", String(box.house().classList.contains("open")));
      for (const [id, key] of [["enhance", "enhance"], ["draw-chat", "draw_chat"]]) {
        const button = document.getElementById(id);
        button?.setAttribute("aria-label", say(`composer.${key}`));
        button?.setAttribute("title", say(`composer.${key}_hint`));
      }
      for (const each of ["format", "background"]) document.getElementById(each)?.setAttribute("aria-label", say(`composer.${each}`));
      return true;
    },
  };
})();
