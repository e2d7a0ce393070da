type Child = Node | string | null | false;
type Handler = (event: Event) => void;
type Attributes = Record<string, string | number | boolean | Handler | undefined>;

/**
 * An element. Attributes whose name begins with `on` are event listeners; `testid` becomes `data-testid`; true sets an
 * empty attribute, false and undefined set none. Text is only ever text: nothing is parsed as markup.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  give(element, attributes, children);
  return element;
}

/** An element of a drawing. */
export function svg(tag: string, attributes: Attributes = {}, ...children: Child[]): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  give(element, attributes, children);
  return element;
}

function give(element: Element, attributes: Attributes, children: Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) {
      element.setAttribute(name === 'testid' ? 'data-testid' : name, value === true ? '' : String(value));
    }
  }
  element.append(...children.filter((child): child is Node | string => child !== null && child !== false));
}

/** Puts `children` in place of what stands in `parent`. */
export function show(parent: Element, ...children: Child[]): void {
  parent.replaceChildren(...children.filter((child): child is Node | string => child !== null && child !== false));
}

/** Sets a text only when it changed, so that screen readers are not told the same again. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** The page's place for its screens. */
export function app(): HTMLElement {
  const element = document.getElementById('app');
  if (!element) throw new Error('The page has no place for its content.');
  return element;
}
