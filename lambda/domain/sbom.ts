/** What a software bill of materials says of the licences of packages: CycloneDX, or SPDX 2, as JSON. */
import { json, list, Malformed, object, parsed, type Fields, type Parsed } from './parsed';

export interface Package {
  /** With its namespace: `@scope/name`. */
  readonly name: string;
  readonly version?: string;
  /** All of them have to be kept. None = nobody says under which licence it is. */
  readonly licenses: readonly License[];
}

export interface License {
  readonly text: string;
  /** A name in free text, which is no id and no expression. */
  readonly isName?: true;
}

const MOST_PACKAGES = 20_000;
const DEEPEST = 20;
/** What CycloneDX lists beside packages. A file that states a licence is code that somebody copied. */
const NO_PACKAGES: readonly unknown[] = ['file', 'operating-system'];
/** Words of SPDX for a licence that nobody knows, or that is not there. */
const UNKNOWN: readonly unknown[] = ['NOASSERTION', 'NONE', '', undefined, null];

/** A part that cannot be read might be the one that is not allowed, so it makes the whole document unreadable. */
export function parseSbom(text: string): Parsed<readonly Package[]> {
  return parsed('The software bill of materials cannot be read', () => {
    const document = object(json(text), 'document');
    const packages = packagesOf(document);
    if (packages.length > MOST_PACKAGES) {
      throw new Malformed(`more than ${MOST_PACKAGES} packages`);
    }
    return packages;
  });
}

function packagesOf(document: Fields): readonly Package[] {
  if (document['bomFormat'] === 'CycloneDX') {
    return componentsOf(document['components'], 0);
  }
  if (/^SPDX-2\.\d+$/.test(String(document['spdxVersion']))) {
    const product = productOf(document);
    return list(document['packages'], 'packages')
      .map((one) => object(one, 'package'))
      .filter(({ SPDXID }) => typeof SPDXID !== 'string' || SPDXID !== product)
      .map(ofSpdx);
  }
  throw new Malformed('neither CycloneDX nor SPDX 2');
}

function componentsOf(components: unknown, depth: number): readonly Package[] {
  if (depth > DEEPEST) {
    throw new Malformed('too many components within each other');
  }
  return listOf(components, 'components').flatMap((one) => {
    const component = object(one, 'component');
    const inside = componentsOf(component['components'], depth + 1);
    const isPackage = !NO_PACKAGES.includes(component['type']) || listOf(component['licenses'], 'licenses').length > 0;
    return isPackage ? [ofCycloneDx(component), ...inside] : inside;
  });
}

function ofCycloneDx(component: Fields): Package {
  const group = component['group'];
  const name = textOf(component['name'], 'name of a component');
  return {
    name: typeof group === 'string' && group !== '' ? `${group}/${name}` : name,
    ...versionOf(component['version']),
    licenses: listOf(component['licenses'], 'licenses').map((one) => {
      const { expression, license } = object(one, 'license');
      if (expression !== undefined) {
        return { text: textOf(expression, 'expression') };
      }
      const { id, name: inWords } = object(license, 'license');
      return id === undefined
        ? { text: textOf(inWords, 'name of a license'), isName: true }
        : { text: textOf(id, 'id') };
    }),
  };
}

/** What somebody concluded says more than what the package declares. */
function ofSpdx(one: Fields): Package {
  const license = [one['licenseConcluded'], one['licenseDeclared']].find((text) => !UNKNOWN.includes(text));
  return {
    name: textOf(one['name'], 'name of a package'),
    ...versionOf(one['versionInfo']),
    licenses: license === undefined ? [] : [{ text: textOf(license, 'license') }],
  };
}

/** The product itself, which the document is about, is no package that it uses. Of several, nobody can say which one that is. */
function productOf(document: Fields): unknown {
  const relations = listOf(document['relationships'], 'relationships').map((one) => object(one, 'relationship'));
  const described = new Set([
    ...listOf(document['documentDescribes'], 'documentDescribes'),
    ...relations
      .filter((one) => one['spdxElementId'] === 'SPDXRef-DOCUMENT' && one['relationshipType'] === 'DESCRIBES')
      .map((one) => one['relatedSpdxElement']),
  ]);
  return described.size === 1 ? [...described][0] : undefined;
}

function versionOf(version: unknown): { readonly version?: string } {
  return typeof version === 'string' && version !== '' ? { version } : {};
}

function listOf(value: unknown, name: string): readonly unknown[] {
  return value === undefined ? [] : list(value, name);
}

function textOf(value: unknown, name: string): string {
  if (typeof value !== 'string' || value.trim() === '') {
    throw new Malformed(`the ${name} is no text`);
  }
  return value.trim();
}
