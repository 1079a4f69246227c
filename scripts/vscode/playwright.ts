/**
 * The part of playwright's API that the scripts use. The library is installed in the stand-in's cache folder and is
 * not a dependency of the project, so its types are not available: these are the signatures of playwright-core 1.65.
 */

/** A rectangle in pixels of the page. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What to wait for, and for how many milliseconds. */
export interface WaitOptions {
  readonly timeout?: number;
  readonly state?: 'attached' | 'detached' | 'visible' | 'hidden';
}

/** Elements of a page that a selector matches. */
export interface Locator {
  first(): Locator;
  last(): Locator;
  nth(index: number): Locator;
  filter(options: { hasText?: string | RegExp }): Locator;
  locator(selector: string): Locator;
  count(): Promise<number>;
  click(options?: { timeout?: number; button?: 'left' | 'right'; modifiers?: string[] }): Promise<void>;
  dblclick(options?: { timeout?: number }): Promise<void>;
  hover(options?: { timeout?: number }): Promise<void>;
  fill(text: string): Promise<void>;
  focus(): Promise<void>;
  selectOption(value: string): Promise<unknown>;
  press(key: string): Promise<void>;
  isVisible(): Promise<boolean>;
  innerText(options?: { timeout?: number }): Promise<string>;
  allInnerTexts(): Promise<string[]>;
  getAttribute(name: string): Promise<string | null>;
  boundingBox(): Promise<Box | null>;
  waitFor(options?: WaitOptions): Promise<void>;
}

/** A frame of a page. */
export interface Frame {
  name(): string;
  url(): string;
  locator(selector: string): Locator;
  evaluate<T = unknown>(expression: string): Promise<T>;
}

/** A message on the console of a page. */
export interface ConsoleMessage {
  type(): string;
  text(): string;
}

/** A page with mouse and keyboard. */
export interface Page {
  readonly keyboard: {
    press(key: string): Promise<void>;
    type(text: string, options?: { delay?: number }): Promise<void>;
    insertText(text: string): Promise<void>;
  };
  readonly mouse: {
    move(x: number, y: number, options?: { steps?: number }): Promise<void>;
    click(x: number, y: number): Promise<void>;
    down(): Promise<void>;
    up(): Promise<void>;
    wheel(deltaX: number, deltaY: number): Promise<void>;
  };
  goto(url: string): Promise<unknown>;
  addInitScript(script: string): Promise<void>;
  setViewportSize(size: { width: number; height: number }): Promise<void>;
  reload(): Promise<unknown>;
  frames(): Frame[];
  locator(selector: string): Locator;
  evaluate<T = unknown>(expression: string): Promise<T>;
  exposeFunction(name: string, callback: (...args: never[]) => unknown): Promise<void>;
  screenshot(options: { path: string; clip?: Box; omitBackground?: boolean }): Promise<unknown>;
  waitForTimeout(milliseconds: number): Promise<void>;
  waitForFunction(expression: string, argument?: unknown, options?: { timeout?: number }): Promise<unknown>;
  emulateMedia(options: { colorScheme?: 'light' | 'dark'; reducedMotion?: 'reduce' }): Promise<void>;
  on(event: 'console', listener: (message: ConsoleMessage) => void): void;
  on(event: 'crash' | 'close', listener: () => void): void;
  on(event: 'pageerror', listener: (error: Error) => void): void;
}

/** An isolated profile of a browser. */
export interface BrowserContext {
  newPage(): Promise<Page>;
  grantPermissions(permissions: string[]): Promise<void>;
}

/** A running browser. */
export interface Browser {
  newContext(options?: {
    viewport?: { width: number; height: number };
    colorScheme?: 'light' | 'dark';
    deviceScaleFactor?: number;
  }): Promise<BrowserContext>;
  close(): Promise<void>;
  on(event: 'disconnected', listener: () => void): void;
}

/** The library. */
export interface Playwright {
  readonly chromium: {
    launch(options: {
      executablePath: string;
      headless?: boolean;
      args?: string[];
      handleSIGINT?: boolean;
      handleSIGTERM?: boolean;
      handleSIGHUP?: boolean;
    }): Promise<Browser>;
  };
}
