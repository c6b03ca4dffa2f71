/** Lines, from 1, of places in a text. */
export class Lines {
  readonly #ends: number[];

  constructor(text: string) {
    this.#ends = [...text.matchAll(/\n/g)].map(({ index }) => index);
  }

  at(offset: number): number {
    return this.#ends.filter((end) => end < offset).length + 1;
  }
}
