import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Shape, Structure } from './constraints';

/** A shape as botocore writes it. */
interface ModelShape {
  readonly type: string;
  readonly members?: Readonly<Record<string, MemberReference>>;
  readonly required?: readonly string[];
  readonly member?: MemberReference;
  readonly value?: MemberReference;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
  readonly flattened?: boolean;
  readonly document?: boolean;
  readonly timestampFormat?: string;
}

interface MemberReference {
  readonly shape: string;
  readonly location?: string;
  readonly locationName?: string;
  readonly queryName?: string;
}

interface ModelOperation {
  readonly http?: { readonly method: string; readonly requestUri: string };
  readonly input?: { readonly shape: string };
  readonly output?: { readonly shape: string; readonly resultWrapper?: string };
  readonly errors?: readonly { readonly shape: string }[];
}

interface Model {
  readonly metadata: { readonly protocol: string };
  readonly operations: Readonly<Record<string, ModelOperation>>;
  readonly shapes: Readonly<Record<string, ModelShape>>;
}

/** A request whose members are in its path, its query and its headers. */
export interface RestRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Headers of every request, and what the SDK says about itself. */
const COMMON_HEADERS = /^x-amz-(date|content-sha256|security-token|user-agent)$/;

const NOTHING: Structure = { type: 'structure', members: {} };

/** The published model of one service: what its requests, answers and errors look like. */
export class ServiceModel {
  /** Reads the newest version of a model from the data folder of botocore. */
  public static read(folder: string, service: string): ServiceModel {
    const versions = readdirSync(join(folder, service)).sort();
    const file = join(folder, service, versions[versions.length - 1], 'service-2.json');
    const text = existsSync(file) ? readFileSync(file) : gunzipSync(readFileSync(`${file}.gz`));
    return new ServiceModel(JSON.parse(text.toString('utf8')) as Model);
  }

  private readonly shapes = new Map<string, Shape>();

  public constructor(private readonly model: Model) {
  }

  /** How requests are written. */
  public get form(): 'json' | 'form' | 'rest' {
    const { protocol } = this.model.metadata;
    return protocol === 'query' || protocol === 'ec2' ? 'form' : protocol === 'rest-xml' ? 'rest' : 'json';
  }

  public has(operation: string): boolean {
    return Object.hasOwn(this.model.operations, operation);
  }

  public input(operation: string): Structure {
    return this.structure(this.model.operations[operation].input);
  }

  public output(operation: string): Structure {
    return this.structure(this.model.operations[operation].output);
  }

  /** The body of an error, where the operation has it. */
  public error(operation: string, code: string): Structure | undefined {
    const found = this.model.operations[operation].errors?.find(({ shape }) => shape === code);
    return found && this.structure(found);
  }

  /** The request that a form of the query protocols stands for. */
  public fromForm(operation: string, form: Readonly<Record<string, string>>): unknown {
    const { Action: _, Version: __, ...rest } = form;
    const tree: Tree = {};
    for (const [key, value] of Object.entries(rest)) {
      const steps = key.split('.');
      const last = steps.pop()!;
      let place = tree;
      for (const step of steps) { place = (place[step] ??= {}) as Tree; }
      place[last] = value;
    }
    const shape = this.model.operations[operation].input?.shape;
    return shape === undefined ? tree : this.decode(tree, shape, 'form');
  }

  /** The input that a request of the REST protocol stands for, but for its body; a path of another operation is no input. */
  public fromRest(operation: string, { method, path, headers }: RestRequest): unknown {
    const { http, input } = this.model.operations[operation];
    const [pathname, query = ''] = path.split('?');
    const labels = matchPath(http!.requestUri, pathname);
    if (method !== http!.method || !labels) { return `${method} ${pathname}`; }
    const found: Record<string, unknown> = {};
    const given: Record<string, Iterable<[string, unknown]>> = {
      uri: Object.entries(labels),
      querystring: [...new URLSearchParams(query)].filter(([name]) => name !== 'x-id'), // which names the operation
      header: Object.entries(headers),
    };
    for (const [member, { shape, location, locationName = member }] of Object.entries(this.model.shapes[input!.shape].members ?? {})) {
      const values = [...given[location ?? ''] ?? []];
      const value = values.find(([name]) => name.toLowerCase() === locationName.toLowerCase());
      if (!value) { continue; }
      given[location!] = values.filter(other => other !== value);
      found[member] = this.decode(value[1] as string, shape, 'form');
    }
    const unknown = [...given.querystring, ...[...given.header].filter(([name]) => name.startsWith('x-amz-') && !COMMON_HEADERS.test(name))];
    return { ...found, ...Object.fromEntries(unknown) };
  }

  /** The answer that XML of the query protocols stands for. */
  public fromXml(operation: string, xml: string): unknown {
    const { output } = this.model.operations[operation];
    const [, root] = parseXml(xml)[0];
    const content = (root as Element[]).filter(([name]) => !/^(requestId|ResponseMetadata)$/.test(name));
    if (!output) { return Object.fromEntries(content); }
    const wrapped = output.resultWrapper ? content.find(([name]) => name === output.resultWrapper)?.[1] ?? [] : content;
    return this.decode(wrapped, output.shape, 'xml');
  }

  private structure(reference: { readonly shape: string } | undefined): Structure {
    return reference ? this.shape(reference.shape) as Structure : NOTHING;
  }

  /** Made when it is asked for: shapes can contain themselves. */
  private shape(name: string): Shape {
    let shape = this.shapes.get(name);
    if (!shape) {
      shape = this.translate(this.model.shapes[name]);
      this.shapes.set(name, shape);
    }
    return shape;
  }

  private translate(shape: ModelShape): Shape {
    const { min, max, pattern, enum: values } = shape;
    switch (shape.type) {
      case 'structure': {
        if (shape.document) { return { type: 'any' }; }
        const members: Record<string, Shape> = {};
        for (const [name, { shape: of }] of Object.entries(shape.members ?? {})) {
          const get = () => this.shape(of);
          Object.defineProperty(members, shape.required?.includes(name) ? `${name}!` : name, { get, enumerable: true });
        }
        return { type: 'structure', members };
      }
      case 'list':
      case 'map': {
        const { shape: of } = (shape.member ?? shape.value)!;
        const get = () => this.shape(of);
        return Object.defineProperty({ type: shape.type, min, max }, 'of', { get, enumerable: true }) as Shape;
      }
      case 'string':
        return { type: 'string', min, max, pattern, values };
      case 'integer':
      case 'long':
        return { type: 'integer', min, max };
      case 'float':
      case 'double':
        return { type: 'float', min, max };
      case 'boolean':
        return { type: 'boolean' };
      case 'timestamp':
        return { type: 'timestamp', text: this.model.metadata.protocol !== 'json' || shape.timestampFormat === 'iso8601' };
      default:
        return { type: 'any' };
    }
  }

  /** Values of a form or of XML by their shapes; what no shape knows keeps its name and is found out later. */
  private decode(given: Wire, name: string, from: 'form' | 'xml'): unknown {
    const shape = this.model.shapes[name];
    switch (shape.type) {
      case 'structure': {
        const members = Object.entries(shape.members ?? {});
        const byWireName = Object.fromEntries(members.map(([member, reference]) => (
          [this.wireName(member, reference, from), [member, reference.shape]])));
        return Object.fromEntries(entries(given).map(([key, value]) => {
          const known = Object.hasOwn(byWireName, key) ? byWireName[key] : undefined;
          return known ? [known[0], this.decode(value, known[1], from)] : [key, value];
        }));
      }
      case 'list': {
        const nested = from === 'form' && this.model.metadata.protocol === 'query' && !shape.flattened;
        const items = nested ? entries(given).flatMap(([, numbered]) => entries(numbered)) : entries(given);
        return items.map(([, value]) => this.decode(value, shape.member!.shape, from));
      }
      case 'integer':
      case 'long':
      case 'float':
      case 'double':
        return /^-?[0-9.]+$/.test(String(given)) ? Number(given) : given;
      case 'boolean':
        return given === 'true' ? true : given === 'false' ? false : given;
      default:
        return given;
    }
  }

  private wireName(member: string, { locationName, queryName }: MemberReference, from: 'form' | 'xml'): string {
    if (from === 'xml' || this.model.metadata.protocol === 'query') { return locationName ?? member; }
    return queryName ?? (locationName ? locationName[0].toUpperCase() + locationName.slice(1) : member);
  }
}

/** The parts of a path that a template such as `/{Bucket}/{Key+}` names. */
function matchPath(template: string, path: string): Record<string, string> | undefined {
  const pattern = template.replace(/\{(\w+)(\+?)\}/g, (_, name: string, greedy: string) => `(?<${name}>${greedy ? '.+' : '[^/]+'})`);
  const { groups } = new RegExp(`^${pattern}$`).exec(path) ?? {};
  return groups && Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decodeURIComponent(text)]));
}

interface Tree { [step: string]: string | Tree }
type Element = [name: string, content: string | Element[]];
type Wire = string | Tree | Element[];

function entries(given: Wire): [string, Wire][] {
  if (typeof given === 'string') { return []; }
  return Array.isArray(given) ? given : Object.entries(given);
}

/** Elements with their texts or children. Enough for answers, which have neither comments nor attributes that matter. */
function parseXml(xml: string): Element[] {
  const root: Element[] = [];
  const open: { name: string; children: Element[]; text: string }[] = [{ name: '', children: root, text: '' }];
  for (const [, closing, name, alone, text] of xml.matchAll(/<(\/?)([\w:]+)[^>]*?(\/?)>|([^<]+)/g)) {
    const current = open[open.length - 1];
    if (text !== undefined) {
      current.text += text;
    } else if (closing) {
      open.pop();
      open[open.length - 1].children.push([current.name, current.children.length > 0 ? current.children : current.text]);
    } else if (alone) {
      current.children.push([name, '']);
    } else {
      open.push({ name, children: [], text: '' });
    }
  }
  return root;
}
