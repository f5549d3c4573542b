import { fitAll, judgeCall } from './judge';
import { SIGNATURES, type ClassName } from './signatures';
import { lineOf } from '../lines';

type Callable = (...args: unknown[]) => unknown;

/**
 * Holds what users give to a class to the types that its API declares: the parameters of its constructor, its factories and its
 * methods. The compiler does that for programs that it sees; programs in JavaScript, or with casts, are held to it here.
 *
 * Each exported class has it. Classes are wrapped as they are loaded, and types are read at the first call: decisions/0020.
 */
export function checked(name: ClassName) {
  return <C extends object>(target: C): C => {
    const constructor = target as C & { readonly prototype: object };
    const signatures = lineOf(SIGNATURES, name)!;
    let made = target;
    for (const line of signatures === '' ? [] : signatures.split('; ')) {
      const [what, ...parameters] = line.split(' ');
      if (what === 'new') {
        made = wrapConstructor(constructor, parameters.join(' '));
      } else if (what === 'static') {
        const [method, ...rest] = parameters;
        wrapMethod(constructor, method, `${name}.${method}()`, rest.join(' '));
      } else {
        wrapMethod(constructor.prototype, what, `${name}.${what}()`, parameters.join(' '));
      }
    }
    return made;
  };
}

/** A class whose constructor judges what it is given. It stays the same class for `instanceof`, `extends` and its static members. */
function wrapConstructor<C extends { readonly prototype: object }>(target: C, parameters: string): C {
  const wrapped: C = new Proxy(target, {
    construct: (_, args: unknown[], newTarget) => {
      const call = (judged: unknown[]) => Reflect.construct(target as unknown as Callable, judged, newTarget) as object;
      return fitAll(parameters, args) ? call(args) : judgeCall({ parameters, args, prototype: newTarget.prototype as object, call });
    },
  });
  Object.defineProperty(target.prototype, 'constructor', { value: wrapped, writable: true, configurable: true });
  return wrapped;
}

function wrapMethod(owner: object, method: string, title: string, parameters: string): void {
  const original = (owner as Record<string, Callable>)[method];
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    return fitAll(parameters, args)
      ? original.apply(this, args)
      : judgeCall({ parameters, args, title, self: this, call: judged => original.apply(this, judged) });
  };
  Object.defineProperty(wrapped, 'name', { value: method });
  Object.defineProperty(owner, method, { value: wrapped, writable: true, configurable: true });
}
