export { cacheFolder, ensureDataFolder, projectFolder } from './folders.ts';
export { describeConfig, loadConfig, unknownVariables, type ConfigSources } from './load.ts';
export {
  flagOf,
  optionNames,
  options,
  variablesOf,
  type Config,
  type Option,
  type OptionName,
  type Role,
} from './options.ts';
export { configReference } from './reference.ts';
