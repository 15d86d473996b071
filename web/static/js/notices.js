/* Copying a text, and waking this browser for notices. Without script texts are selected by hand, and push is not offered. */
(() => {
  "use strict";

  document.querySelectorAll("[data-copy]").forEach((button) => {
    button.hidden = false;
    const before = button.innerHTML;
    button.addEventListener("click", async () => {
      const text = document.getElementById(button.dataset.copy);
      text.focus();
      text.select();
      try {
        await navigator.clipboard.writeText(text.value);
      } catch {
        if (!document.execCommand("copy")) return; // over plain http there is only this; refused too, the text is selected
      }
      button.textContent = button.dataset.copied;
      setTimeout(() => { button.innerHTML = before; }, 3000);
    });
  });

  const form = document.querySelector("form[data-push]");
  if (!form || !("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) return;
  const show = (selector, shown) => { const found = document.querySelector(selector); if (found) found.hidden = !shown; };

  navigator.serviceWorker.getRegistration("/field/").then((registration) => {
    if (!registration) return;
    show("[data-push-missing]", false);
    show("[data-push-refused]", Notification.permission === "denied");
    form.hidden = Notification.permission === "denied";
    form.addEventListener("submit", (event) => {
      if (form.elements.endpoint.value) return;
      event.preventDefault();
      subscribe(registration).then(() => { delete form.dataset.sent; form.requestSubmit(); }, (fault) => {
        console.info("not subscribed", fault?.name);
        delete form.dataset.sent;
        show("[data-push-refused]", true);
      });
    });
  });

  async function subscribe(registration) {
    const key = Uint8Array.from(atob(form.dataset.push.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
    const { endpoint, keys } = (await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })).toJSON();
    form.elements.endpoint.value = endpoint;
    form.elements.p256dh.value = keys.p256dh;
    form.elements.auth.value = keys.auth;
  }
})();
