import type { JsonObject } from '../front/index.ts';
import { ArmError } from './arm-error.ts';
import { objectAt } from './json-path.ts';

const maxTags = 50;
const maxNameLength = 512;
const maxValueLength = 256;

/** The tags of a body, checked against Resource Manager's limits; undefined when it has none. */
export function tagsOf(body: JsonObject): Readonly<Record<string, string>> | undefined {
  const tags = objectAt(body, 'tags');
  if (!tags) return undefined;
  const entries = Object.entries(tags);
  if (entries.length > maxTags) {
    throw new ArmError(
      400,
      'TooManyTags',
      `The number of tags ${entries.length} exceeds the maximum of ${maxTags}.`,
    );
  }
  const result: Record<string, string> = {};
  for (const [name, value] of entries) {
    if (name.length === 0 || name.length > maxNameLength || /[<>%&\\?/]/.test(name)) {
      throw new ArmError(400, 'InvalidTagNameCharacters', `The tag name '${name}' is invalid or too long.`);
    }
    if (typeof value !== 'string' || value.length > maxValueLength) {
      throw new ArmError(
        400,
        'InvalidTagValue',
        `The value of tag '${name}' must be a string of at most ${maxValueLength} characters.`,
      );
    }
    result[name] = value;
  }
  return result;
}
