/** How large an image may be (`--max-image-size`): first by what it states, then by what its layers expand to. */
import { PratiqueError } from '#base';
import type { LayerSource } from '#model';

export class SizeBudget {
  readonly #image: string;
  /** Bytes. */
  readonly #limit: number;
  #used = 0;

  constructor(image: string, limit: number) {
    this.#image = image;
    this.#limit = limit;
  }

  /** Layers expand to no less than what is stored of them: nothing is read of an image that states too much. */
  expect(layers: readonly Pick<LayerSource, 'storedSize'>[]): void {
    const stated = layers.reduce((sum, { storedSize }) => sum + (storedSize ?? 0), 0);
    if (stated > this.#limit) throw this.#exceeded(`its layers have ${stated} bytes as they are stored`);
  }

  /** Bytes of a layer, expanded. */
  take(bytes: number): void {
    this.#used += bytes;
    if (this.#used > this.#limit) throw this.#exceeded(`its layers expand to more than that`);
  }

  async *counted(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.take(chunk.length);
      yield chunk;
    }
  }

  #exceeded(found: string): PratiqueError {
    return new PratiqueError('image/too-large', { image: this.#image, limit: this.#limit, found });
  }
}
