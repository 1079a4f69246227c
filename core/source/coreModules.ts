/** Addresses of core modules inside components: `component.wasm#2` is the second one in the order of the file. */
import type { Component, CoreModule } from '../wasm/component/component.ts';
import { decodeComponent, isComponent } from '../wasm/component/decodeComponent.ts';

/** The file of an address and the number of the core module in it; undefined for the name of a file. */
export function coreModuleAddress(name: string): { file: string; number: number } | undefined {
  const [, file, number] = /^(.+\.[A-Za-z0-9]+)#([1-9]\d{0,3})$/s.exec(name) ?? [];
  return file === undefined ? undefined : { file, number: Number(number) };
}

/** `component.wasm#2`. */
export const addressOf = (file: string, { number }: Pick<CoreModule, 'number'>): string => `${file}#${number}`;

/** The file that generated code loads: a core module of a component is written as `jco transpile` names it. */
export function moduleFileName(name: string): string {
  const address = coreModuleAddress(name);
  if (address === undefined) return name;
  return address.file.replace(/\.\w+$/, `.core${address.number === 1 ? '' : address.number}.wasm`);
}

/** The bytes of a core module in the file of a component, or a sentence that says why there are none. */
export function coreModuleBytes(bytes: Uint8Array, number: number): Uint8Array | string {
  if (!isComponent(bytes)) return 'is no component: it has no core modules to choose from';
  const component = decodeComponent(bytes);
  const found = component.modules.find((one) => one.number === number);
  if (found !== undefined) return bytes.slice(found.start, found.end);
  return `has no core module ${number}: ${modulesText(component)}`;
}

/** `it has 4 core modules`. */
const modulesText = ({ modules }: Component): string =>
  modules.length === 0 ? 'it has none' : modules.length === 1 ? 'it has one' : `it has ${modules.length}`;
