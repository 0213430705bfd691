/** Line charts as SVG, readable on a light and on a dark page. */

export interface Line {
  readonly name: string;
  /** Shares, 0 to 1, one per tick. */
  readonly values: readonly number[];
}

export interface Panel {
  readonly title: string;
  readonly lines: readonly Line[];
}

export interface Chart {
  readonly title: string;
  readonly across: string;
  readonly ticks: readonly string[];
  /** The highest share that is shown. */
  readonly top: number;
  readonly panels: readonly Panel[];
  readonly columns: number;
}

const [WIDTH, HEIGHT] = [330, 190];
const LEFT = 44;
const GAP = 62;
const ABOVE = 126;

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328 } .faint { fill: #59636e } .title { font-weight: 600; font-size: 13px }
  .grid { stroke: #d1d9e0 } path { fill: none; stroke-width: 2 }
  .l0 { stroke: #0969da; stroke-width: 3 } .l1 { stroke: #bc4c00; stroke-dasharray: 7 3 } .l2 { stroke: #8250df; stroke-dasharray: 2 3 } .l3 { stroke: #59636e; stroke-dasharray: 9 3 2 3 } .l4 { stroke: #1a7f37; stroke-dasharray: 12 4 }
  .page { fill: #fff }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .faint { fill: #9198a1 } .grid { stroke: #3d444d } .page { fill: #0d1117 }
    .l0 { stroke: #4493f8 } .l1 { stroke: #f0883e } .l2 { stroke: #bc8cff } .l3 { stroke: #9198a1 } .l4 { stroke: #3fb950 }
  }`;

export function svg({ title, across, ticks, top, panels, columns }: Chart): string {
  const rows = Math.ceil(panels.length / columns);
  const width = columns * (WIDTH + GAP) + 24;
  const height = ABOVE + rows * (HEIGHT + GAP);
  const names = panels[0]?.lines.map(({ name }) => name) ?? [];
  const legend = names.map((name, index) => {
    const y = 34 + index * 17;
    return `<path class="l${index}" d="M${LEFT} ${y}h36"/><text x="${LEFT + 44}" y="${y + 4}">${escaped(name)}</text>`;
  });
  const drawn = panels.map((panel, index) => {
    const [x, y] = [LEFT + (index % columns) * (WIDTH + GAP), ABOVE + Math.floor(index / columns) * (HEIGHT + GAP)];
    return `<g transform="translate(${x} ${y})">${panelOf(panel, across, ticks, top)}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">`,
    `<style>${STYLE}\n</style>`,
    `<rect class="page" width="${width}" height="${height}"/>`,
    `<text class="title" x="${LEFT}" y="18">${escaped(title)}</text>`,
    ...legend,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

function panelOf({ title, lines }: Panel, across: string, ticks: readonly string[], top: number): string {
  const x = (index: number) => round((index * WIDTH) / (ticks.length - 1));
  const y = (share: number) => round(HEIGHT - (Math.min(share, top) / top) * HEIGHT);
  const shares = [0, 0.25, 0.5, 0.75, 1].map((part) => part * top);
  return [
    `<text class="title" y="-10">${escaped(title)}</text>`,
    ...shares.map(
      (share) =>
        `<path class="grid" d="M0 ${y(share)}h${WIDTH}" style="stroke-width:1"/><text class="faint" x="-6" y="${y(share) + 4}" text-anchor="end">${round(share * 100)}%</text>`,
    ),
    ...ticks.map(
      (tick, index) =>
        `<text class="faint" x="${x(index)}" y="${HEIGHT + 16}" text-anchor="middle">${escaped(tick)}</text>`,
    ),
    `<text class="faint" x="${WIDTH / 2}" y="${HEIGHT + 33}" text-anchor="middle">${escaped(across)}</text>`,
    // Ours last, above the others.
    ...lines
      .map(
        ({ values }, index) =>
          `<path class="l${index}" d="M${values.map((share, at) => `${x(at)} ${y(share)}`).join('L')}"/>`,
      )
      .reverse(),
  ].join('\n');
}

function round(value: number): number {
  return Number(value.toFixed(1));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
