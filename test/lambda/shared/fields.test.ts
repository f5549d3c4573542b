import { checkFields, knownField, selectFields, type Fields } from '../../../lambda/shared/fields';

interface Thing {
  readonly name: string;
  readonly parts: Readonly<Record<string, string>>;
}

const FIELDS: Fields<Thing> = {
  named: { Name: thing => thing.name, Count: thing => String(Object.keys(thing.parts).length) },
  made: {
    called: 'fields of parts',
    find: name => (name.startsWith('Parts/') ? thing => thing.parts[name.slice('Parts/'.length)] ?? '' : undefined),
  },
};
const THING: Thing = { name: 'thing', parts: { first: '1' } };
const unknown = (message: string): Error => expect.objectContaining({ code: 'InvalidProperties', message });

test('only what is wanted is read, under the names that were asked for', () => {
  expect(selectFields(FIELDS, THING, ['Count', 'Parts/first', 'Parts/second'])).toEqual({ 'Count': '1', 'Parts/first': '1', 'Parts/second': '' });
  expect(selectFields(FIELDS, THING, [])).toEqual({});
});

test.each(['Other', 'name', 'toString', 'constructor', ''])('"%s" is no field, and the known ones are named', field => {
  const message = `unknown field: ${field}; known are Name, Count and fields of parts`;
  expect(() => checkFields(FIELDS, ['Name', field])).toThrow(unknown(message));
  expect(() => selectFields(FIELDS, THING, [field])).toThrow(unknown(message));
  expect(() => checkFields({ named: FIELDS.named }, [field])).toThrow(unknown(`unknown field: ${field}; known are Name, Count`));
  expect(() => knownField(field, ['Name', 'Count'])).toThrow(unknown(`unknown field: ${field}; known are Name, Count`));
});

test('known fields pass', () => {
  expect(() => checkFields(FIELDS, ['Name', 'Parts/first'])).not.toThrow();
  expect(knownField('Count', ['Name', 'Count'])).toBe('Count');
});
