/** The files of cli/blueprint, by their paths; the bundler puts them here. */
declare module 'blueprint:files' {
  const files: Readonly<Record<string, string>>;
  export default files;
}
