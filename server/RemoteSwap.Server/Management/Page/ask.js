const patienceMs = 5000;

// No answer, or one that is none: said on the page, and asked again. Anything else is a mistake of the page.
export class Silence extends Error {}

export async function ask(path) {
  try {
    const answer = await fetch(path, { signal: AbortSignal.timeout(patienceMs), cache: 'no-store' });
    if (answer.ok) {
      return await answer.json();
    }
  } catch (failure) {
    throw new Silence(path, { cause: failure });
  }

  throw new Silence(path);
}
