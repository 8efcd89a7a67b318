// Progress of an import: asks every second while the worker is at it, then shows the page anew.
const box = document.querySelector("[data-progress]");
const bar = box?.querySelector("progress");
const locale = document.documentElement.lang;

async function look() {
  const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
  if (!answer.ok) {
    return;
  }
  const now = await answer.json();
  if (!now.running) {
    window.location.reload();
    return;
  }
  box.querySelector("[data-step]").textContent = now.step;
  box.querySelector("[data-count]").textContent = now.total
    ? `${now.done.toLocaleString(locale)} / ${now.total.toLocaleString(locale)}`
    : "";
  if (now.total) {
    bar.max = now.total;
    bar.value = now.done;
  } else {
    bar.removeAttribute("value");
  }
}

if (box) {
  window.setInterval(look, 1000);
}
