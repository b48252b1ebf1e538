/* How a test finds things on a page: by what is written on them. One expression: an object of functions. */
(() => {
  const words = (e) => (e.textContent || "").replace(/\s+/g, " ").trim();
  const visible = (e) => e.checkVisibility({ visibilityProperty: true });

  // The smallest parts of the page that hold the words come first; without words, the whole page.
  const scopes = (group) => {
    if (!group) return [document.body];
    const parts = "fieldset, section, article, form, li, tr, dl > div, [role=group]";
    return [...document.querySelectorAll(parts)]
      .filter((e) => visible(e) && words(e).includes(group))
      .sort((a, b) => a.querySelectorAll("*").length - b.querySelectorAll("*").length);
  };

  // The best matches in the smallest part that has any: called exactly so, else beginning so.
  const named = (group, selector, names, wanted) => {
    for (const scope of scopes(group)) {
      const all = [...scope.querySelectorAll(selector)].filter(visible);
      const exact = all.filter((e) => names(e).includes(wanted));
      const begins = all.filter((e) => names(e).some((n) => n.startsWith(wanted)));
      if (exact.length || begins.length) return exact.length ? exact : begins;
    }
    return [];
  };

  const fieldNames = (e) => [...(e.labels || [])].map(words).concat(e.getAttribute("aria-label") || []);
  const fields = "input:not([type=hidden]):not([type=submit]), select, textarea";
  const buttonNames = (e) => [words(e), e.value || "", e.getAttribute("aria-label") || ""];
  const buttons = "a[href], button, input[type=submit], summary, [role=button]";

  const only = (found, wanted, all) => {
    const places = new Set(found.map((e) => e.href || e));
    if (found.length === 0) return { problem: `nothing is called “${wanted}”; there are: ${all}` };
    if (places.size > 1) return { problem: `${found.length} things are called “${wanted}”; narrow it by In` };
    return { element: found[0] };
  };
  const list = (selector, names) =>
    [...document.querySelectorAll(selector)].filter(visible).map((e) => `“${names(e).find((n) => n) || ""}”`).join(", ");
  const field = (group, label) => only(named(group, fields, fieldNames, label), label, list(fields, fieldNames));
  const button = (group, name) => only(named(group, buttons, buttonNames, name), name, list(buttons, buttonNames));

  const pickOption = (select, text) => {
    const option = [...select.options].find((o) => words(o) === text);
    if (!option) return { problem: `no option is called “${text}”` };
    select.value = option.value;
    select.dispatchEvent(new Event("input", { bubbles: true }));
    select.dispatchEvent(new Event("change", { bubbles: true }));
    return { done: true };
  };

  // A click that should bring another page: a link to elsewhere, or a form's button.
  const leads = (e) => {
    if (e.localName === "a") {
      const here = e.href.split("#")[0] === location.href.split("#")[0] && e.hash !== "";
      return !here && !e.hasAttribute("download") && e.target !== "_blank";
    }
    return Boolean(e.form) && e.type === "submit";
  };
  const stopped = (e) => {
    const form = e.form;
    if (!form || e.type !== "submit" || form.noValidate || e.formNoValidate) return "";
    const bad = [...form.elements].find((f) => f.willValidate && !f.validity.valid);
    return bad ? `the browser itself refuses “${fieldNames(bad)[0] || bad.name}”: ${bad.validationMessage}` : "";
  };

  return {
    sees: (wanted) => (document.body.innerText || "").replace(/\s+/g, " ").includes(wanted.replace(/\s+/g, " ").trim()),

    // Readies a field for typing: empties and focuses it; a list is chosen from at once.
    ready: (group, label, value) => {
      const { element, problem } = field(group, label);
      if (problem) return { problem };
      if (element.disabled || element.readOnly) return { problem: `“${label}” cannot be changed` };
      if (element.localName === "select") return pickOption(element, value);
      element.focus();
      element.value = "";
      return { typing: true };
    },
    value: (group, label) => {
      const { element, problem } = field(group, label);
      return problem ? { problem } : { value: element.value };
    },
    check: (group, label) => {
      const { element, problem } = field(group, label);
      if (problem) return { problem };
      if (!element.checked) element.click();
      return element.checked ? { done: true } : { problem: `“${label}” does not stay checked` };
    },
    // Where to press, after bringing the thing into view; a covered thing is a fault of the page.
    target: (group, name) => {
      const { element, problem } = button(group, name);
      if (problem) return { problem };
      element.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
      const box = element.getClientRects()[0];
      const x = box.x + box.width / 2, y = box.y + box.height / 2;
      const top = document.elementFromPoint(x, y);
      if (!top || !(element.contains(top) || top.contains(element))) {
        return { problem: `“${name}” is covered by <${top ? top.localName + " class=" + top.className : "nothing"}>` };
      }
      const refusal = stopped(element);
      return refusal ? { problem: refusal } : { x, y, leads: leads(element), address: element.href || "" };
    },
    // What the browser would send for that button's form, and whither.
    form: (group, name) => {
      const { element, problem } = button(group, name);
      if (problem) return { problem };
      if (!element.form) return { problem: `“${name}” is no form's button` };
      const sent = new URLSearchParams(new FormData(element.form, element));
      return { address: element.hasAttribute("formaction") ? element.formAction : element.form.action, value: sent.toString() };
    },
    address: (group, name) => {
      const { element, problem } = button(group, name);
      return problem ? { problem } : { address: element.href || "" };
    },
  };
})();
