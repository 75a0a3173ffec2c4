/**
 * Version of the package; a test keeps it equal to package.json.
 * @example
 * console.log(version)
 */
export const VERSION = '0.1.0'
