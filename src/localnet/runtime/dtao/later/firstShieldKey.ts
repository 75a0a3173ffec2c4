/**
 * The public key of MevShield that a chain begins with, 1184 bytes in base64: the one that `node/shield/keys.ts` makes of
 * nothing. It stands here so that a chain can start without loading ML-KEM; a test makes it again.
 */
const FIRST = [
  'oMFI9vYRHemtukKODiVJIQAkNLSV2OgyVmQ0NmKYRfoJGlKgCbR2WDt5gVg75LRtZSXEmjhZQEta7YGCt0estdi+F6wv',
  'lCzNfAXIcCdFDJlD0OmSZVapOpNHtXIMW4IyhislzAoHK5rDQAM89vsR57upCIR3OEcjXlLFBnh33ZwBcpce+rNGqmfA',
  'EzwJgPewvhB0O7RNvitpjlUuCcaGVCFBEWRDpZwgdVltQNaDclg9y2EUR+Z5b9GPnAscoVGzRKQsRGcy7nVg4gq7NnO6',
  'DExnYgsBXLN/EPeLPxs9PecmbqStenSbMxw+1siI1qM3LctcchOnYcUu43WOSmhcUirPOJxeDSNQ76GvFIUXvABGzKQm',
  'RjtBS1VzSpR8XuOCF5FH5tdUF4V78MIiHUUvO0t3LiJbGmlSYBCZbnOz27W+r4SQg4c0QLQQF0AsRTqVXWLI1oA4bCSe',
  'nlkXEUw6TGKrd/elz/SitjmEzKygWXqW+/pW8oBOjvwTrRKRmegw1Id06jaaR9DCispt9YsLcgdUSgBg7gNVZaTLwrQ5',
  'g7oVKcx/ttsbVjwifty1yIIUlIRYN8way4JGkQqwxECHFnpcuDu5eCIvmAq9gvgzR2tlpKyx6Zgw6ZuLAvwXUSoUuWa7',
  '0mM241JsZrKcjswI4ru4ecgxw+NdShgw/acx/ptjwaOvtKZxKkvOtUCSsxfJ9ctb3KJta5uRmCK1LmexxEU+IBmweELP',
  '+aYWH8S7ABWjmlKv05nDyQasaCl08uK/poacPEJvEHQGQcZKeHYI4ByNXopD1lluW6oqigXCH3nIgGqxf0B7OnNwDtdS',
  'qdcEleyFqxOdTbqaY3FN0+CbNVViM1hRHTSPt7ZoVCSleBBPNyR7bPBhSgXE6vc9DvVhyKmQcXS2z0pg//tnKKCLxUqf',
  'qiVtAoQL35sJL+w6hucM9HFvdOdmWICetvR/9JGQ9/Es2LUuU4gv1owhqHqKJ/i/T5POzDRgvow/llEzkLs4dyufMgxM',
  'qTYYdJY6OVNntSh4XjgR+xFtUrAgf1AetJRss/sPDdZ/fsvAHDKBu1SDyKNPxVpTr+yaVrdiNUiIrbY3OQiwRQignqum',
  '15dF2ba6aZQsdLmNGsUqBFjGq7c74Rh0Cthl++qjpvEdJBMF8NYg6cTGEpcqp3MRxgeMZzQBxhRadjweOQZYgrDIdiGM',
  '9IJ3qiEfCug5rhCss+Sqbxig8Yyu09Q36Cl6uiw9PAum38wpcBMXYcAVZlUHe4JtrdBZ8KCP8fBPeiXNb0E6J9rHhsJO',
  'NGZm5zhDIcoGjWI8dEBTqEk+RtiS3KKTx3Glq2aKSkVjHUrAVTWV6oin0kSuYqynWKpHS8RM3sezbmkSHLLPANmFM4J1',
  '/Ut7LYQG2LoLtmFa/OLDBqtCmmRgbVcO9ye3D5OWSEZqbiYSwhAfwQq6GJxT8mmm0HR5FhpvbWpk7sFoXxtA+slMevya',
  'UrFn+zbGGqMsTPJPMqtoQbYdoytzMgOFsEVnX7K5G0lLugGuSAVp25GnN/m0HPFII62Nr8iBeypOJdW1ihPn0zdBGNGD',
  '9HPrPaFOR4f9rZU=',
].join('')

export const firstShieldKey: Uint8Array = Uint8Array.from(Buffer.from(FIRST, 'base64'))
