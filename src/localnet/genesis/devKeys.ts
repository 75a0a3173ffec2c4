/**
 * Public keys of development accounts, so that a chain starts without deriving them: sr25519, from the development
 * phrase that everybody knows, by the path given. Nothing of value may ever be sent to them elsewhere.
 */
const KEYS = {
  '//Alice': '0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d',
  '//Bob': '0x8eaf04151687736326c9fea17e25fc5287613693c912909cb226aa4794f26a48',
  '//Charlie': '0x90b5ab205c6974c9ea841be688864633dc9ca8a357843eeacf2314649965fe22',
  '//Dave': '0x306721211d5404bd9da88e0204360a1a9ab8b87c66c1bc2fcdd37f3c2222cc20',
  '//Eve': '0xe659a7a1628cdd93febc04a4e0646ea20e9f5f0ce097d9a05290d4a9e054df4e',
  '//Ferdie': '0x1cbd2d43530a44705ad088af313e18f80b53ef16b36177cd4b77b846f2a5f07c',
  '//Grace': '0x3639103416b054f3362b835dded8ca33c11f11d4360a6f434034e9b46662693d',
  '//Heidi': '0x0ae1adab2f9cccccb43988491aa4a8b0be71497a06472bbc93ab001b85a1be08',
  '//Ivan': '0xec45b5f4481d620bdeb1193911665614d4035df9dd0c7cacb1bb7df3ea9fab43',
  '//Judy': '0xc4a56eb34eee8a6df43d64b0d48d499400bf30d5bb8f168996de9ced82e90415',
  '//One': '0xac859f8a216eeb1b320b4c76d118da3d7407fa523484d0a980126d3b4d0d220a',
  '//Two': '0x1254f7017f0b8347ce7ab14f96d818802e7e9e0c0d1b7c9acb3c726b080e7a03',
  '//Alice//validator': '0xf43874b04af3088721f722f95749b53c6c3b7c4fe59e6f68b2ace9bcf347d135',
  '//Bob//validator': '0x94bfc351ef457125cd3c49313c8ca85026f9f027f7b9d9e1957e934b5bbaea40',
  '//Charlie//validator': '0x96c612352d19426ac3ab738975be1fed333483dbdf0ad2c0709f2632a973f705',
  '//Dave//validator': '0x54270b558199ced9f18d2e3b53a3f156e6707304192caaf3adee3c2cf594832e',
  '//Eve//validator': '0xe261f539571c428ab229dc9a067ae9d7b4621714ac9a2fa32519837265d2c177',
  '//Ferdie//validator': '0x4ccda28390722db8de5ffb25a85703f0fd60bbddaaa2ac9ad7a306a67d0c5e5c',
  '//Alice//miner1': '0xf0d926cd7846eee893c60fa6fd4498fce3933a96017313f920db239b9fbc7135',
  '//Alice//miner2': '0x96138353e6f519d9e182089e27e0e90d11f4cbcf5bcc2334ddd5b288f123c354',
  '//Alice//miner3': '0x1e4855851f451f98740ee9928925e4154f9017f37190f8b87f413357a68e2e19',
  '//Alice//miner4': '0xb26f1f6b52b223faa301052fa7b7adac3fec8d87d4a3c91eb1aff2429e22bc1e',
  '//Bob//miner1': '0x0278d6bb2104173a8ee1839cce1028f37db6f89d7e517dc3968baf68c603f529',
  '//Bob//miner2': '0xf00553c9242049bb3eafed061fe3d1410a4b64ba2d5d234bedb3825c9bff597d',
  '//Bob//miner3': '0x24d63a1916f0a994c842201638b5fd44c3a899b2038e77c0ba4ee766463c0469',
  '//Bob//miner4': '0x604d94b96abce8e040069098782df65229fa3f803da4b248419436c17819745a',
  '//Charlie//miner1': '0xdc108c3010f9c4542575e1a92f5b38df19214aac34cde65a66b189c25bd6280d',
  '//Charlie//miner2': '0xe81c42c1ffd869f67e358ab9a986867545f7b4024a0882e9a64afe91b9222f11',
  '//Charlie//miner3': '0x16409d516182ac9dfe7064ab83f80232a047fee5390e1d54a662ad9cf4089a3d',
  '//Charlie//miner4': '0xb60aab1d9674f55c1e15bbc7f65e5aada39123e44d461edb8ccfd2dadbab7b33',
  '//Dave//miner1': '0x9cea939c34081242088f04f1a4cc8dbdc7dbabbf48da41173294cb058c1d5d5d',
  '//Dave//miner2': '0x36fa0e3cfa838ef51641063bb5ff954beb95b575d52cf9d4ecd99f57044fa81a',
  '//Dave//miner3': '0xbabeb1e9f11f5323e482f27149d5ca6765cb9083c7be9416c99c203fad46cb63',
  '//Dave//miner4': '0x9e498a843a08284698d4797fd28a0ddee7682d9d43ac7d31b91d0391e1cc6a14',
  '//Eve//miner1': '0xd2d9bccd9c1bcb804f32fab2612e46ecc3239bc56c0ab09a5dba7762ac8e7d79',
  '//Eve//miner2': '0xbe694388b225dd64c8d99594a9d2b379c854336030180a25f5961b18a9739467',
  '//Eve//miner3': '0x4ad9e170008ca8c5edf8de20016c02c8fc33f4a35d22e0cbbb017d1ee58a5560',
  '//Eve//miner4': '0xc4c32a834812c27ba44fcd3f90ca2b174defa5b4d119b51422a4ffff2f43b817',
  '//Ferdie//miner1': '0xda398cc4750b60c8e7ef54db9a3d3dc8684c90ab21d4d94d6fa4b627d1d77767',
  '//Ferdie//miner2': '0x62280345e47c14c32b0380bed725544c073f75ab0fc7f305d0a8493025feeb68',
  '//Ferdie//miner3': '0x4ed988930c64085603fb9704292b07e729ff88bec650ab59f2c9e437f5e1251e',
  '//Ferdie//miner4': '0x3c5776af127a69e86379808a846bc9d0764b97bda00b6c83455238fc0e2e1146',
  '//Grace//miner1': '0x8aaefd6ebaf5cda79aa99098aad6a3ba32e9494b323af344280af9403730a874',
  '//Grace//miner2': '0x56f65f10b508e91fd5c5b91603534a9fd2aee8f0e52ae5d4e9ee7d7bcbc97e3a',
  '//Grace//miner3': '0x94d908b8f90c2a1bbb76305a1d831f84ba5823062b8625262d8c9e850bec5b40',
  '//Grace//miner4': '0xe0c85501defc28fab08af367ecf130e8757fd2a049e9f781aa36aa308c4f4758',
  '//Heidi//miner1': '0xd88d4299db9f30df685941bcc62ba8c7c7ed3423fb4aeafd048e1ac036d4c630',
  '//Heidi//miner2': '0xf0170a862718307faa3893989c233a66e3b5bb99c6a66ee65a60a702bf0fe666',
  '//Heidi//miner3': '0xb087bbc9e0ec0ec9ba2ced5855a0680eb9ab7b0bacd2e91d00060b75cde83d7e',
  '//Heidi//miner4': '0xfe6d133c4534c51a3566034cf4fdc1e45f794221b99dbdb86a92f61bc640c874',
  '//Ivan//miner1': '0xb2895af8ee996d21ec211606cca3583a113b37c0519edc6c31a092423c7f1569',
  '//Ivan//miner2': '0x687abe39e8f7764c3f832562d977b2e1d80db7e8d722e96a32c08d2b9368f27d',
  '//Ivan//miner3': '0x2a65e5934afdaa16fa598139624bce30b63ca39d933d896fa6aa0a1625300817',
  '//Ivan//miner4': '0xee1d8f48f253d181dc7fc811f7ad59f4a21439201e6e4779c2dc7a4f540af400',
  '//Judy//miner1': '0xdab9e4d90fff9e57cd17a589a0e1cee242dd46af259d9d072e55040ff5d3087c',
  '//Judy//miner2': '0x6407335da020eb64a10ada3fd967807b7214829f8112a9673965c49be8dd4b79',
  '//Judy//miner3': '0x72b700e65c3d45e3a4eceae848800239c1d657d50253c562b5e4522f7c93c02e',
  '//Judy//miner4': '0xd03f2abb4268ab489e529f445a199d5c48c8ed4a4f8ce56cb3207ead94205912',
} as const

export type DevPath = keyof typeof KEYS

/** Account id of a development path such as `//Alice`. */
export const devAccount = (path: DevPath): string => KEYS[path]

/** All development paths there are keys for. */
export const DEV_PATHS = Object.keys(KEYS) as readonly DevPath[]
