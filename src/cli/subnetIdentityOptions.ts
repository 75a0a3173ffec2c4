/** What can be said of a subnet, for the commands that say it. */
import { option } from './define.js'

export const subnetIdentityOptions = {
  subnetName: option({ flags: '--subnet_name <text>', description: 'name of the subnet' }),
  githubRepo: option({ flags: '--github_repo, --repo <url>', description: 'source code' }),
  contact: option({
    flags: '--subnet_contact, --contact, --email <text>',
    description: 'how to reach the owner',
  }),
  url: option({ flags: '--subnet_url, --url <url>', description: 'web page' }),
  discord: option({ flags: '--discord <name>', description: 'name on Discord' }),
  description: option({ flags: '--description <text>', description: 'a few words' }),
  logoUrl: option({ flags: '--logo_url <url>', description: 'picture' }),
  additional: option({
    flags: '--additional_info, --additional <text>',
    description: 'anything else',
  }),
}

type Values = { readonly [K in keyof typeof subnetIdentityOptions]: string | undefined }

/** The values as an identity. */
export function givenIdentity(values: Values) {
  const {
    subnetName: name,
    githubRepo,
    contact,
    url,
    discord,
    description,
    logoUrl,
    additional,
  } = values
  return { name, githubRepo, contact, url, discord, description, logoUrl, additional }
}
