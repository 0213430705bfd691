/** What CDK Pipelines calls a wave: by its only stage, if it has only one. */
export function nameOfWave(waveName: string, stages: ReadonlyArray<{ readonly stageName: string }>): string {
  return stages.length === 1 ? (stages[0]?.stageName ?? waveName) : waveName;
}
