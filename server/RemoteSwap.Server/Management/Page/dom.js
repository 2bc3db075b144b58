// Elements are made here and filled with text only: what the server says never becomes markup.

export function byId(id) {
  return document.getElementById(id);
}

export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'text') {
      element.textContent = value;
    } else if (value !== null && value !== undefined) {
      element.setAttribute(key, value);
    }
  }

  element.append(...children);
  return element;
}

const svgSpace = 'http://www.w3.org/2000/svg';

export function draw(name, attributes = {}, ...children) {
  const element = document.createElementNS(svgSpace, name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, value);
  }

  element.append(...children);
  return element;
}

// Text is set only where it changes, so that a screen reader and a selection are left alone.
export function say(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

// A canvas of as many points as its place on the page has.
export function prepare(canvas, width, height) {
  const scale = window.devicePixelRatio || 1;
  const wide = Math.round(width * scale);
  const high = Math.round(height * scale);
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
  }

  const pen = canvas.getContext('2d');
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  return pen;
}
