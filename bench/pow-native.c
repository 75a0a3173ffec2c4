/*
 * Native baselines for bench/pow.ts: the classic proof of work in plain C, one nonce at a time, or with -DBYTES=32 or 64 as
 * many as a vector of so many bytes holds (AVX2, AVX-512). The constant parts of the message schedule are folded as in the
 * WebAssembly kernel; all rounds are unrolled by macros and the state lives in local variables, which compilers like best.
 *
 *   cc -O3 -march=native -o pow-native bench/pow-native.c && ./pow-native 4000000
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef uint32_t u32;
typedef uint64_t u64;

#ifdef BYTES
#define LANES (BYTES / 4)
typedef u32 word __attribute__((vector_size(BYTES)));
typedef u64 lane __attribute__((vector_size(BYTES)));
#else
#define LANES 1
typedef u32 word;
typedef u64 lane;
#endif

/* A word or lane that holds a number everywhere. */
#define WORD(x) ((word){0} + (u32)(x))
#define LANE(x) ((lane){0} + (u64)(x))

static const u32 K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static const u64 RC[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
    0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
    0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
    0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

#define SHIFTED(x, n) (((x) >> (n)) | ((x) << (32 - (n))))
#if defined(BYTES) && BYTES == 64
/* Rotations and three-way logic are single instructions here, which compilers do not always see. */
#include <immintrin.h>
#define ROR(x, n) ((word)_mm512_ror_epi32((__m512i)(x), n))
#define ROL(x, n) ((lane)_mm512_rol_epi64((__m512i)(x), n))
#define LOGIC(a, b, c, table) ((lane)_mm512_ternarylogic_epi64((__m512i)(a), (__m512i)(b), (__m512i)(c), table))
#define XOR5(a, b, c, d, e) LOGIC(LOGIC(a, b, c, 0x96), d, e, 0x96)
#define CHI(a, b, c) LOGIC(a, b, c, 0xd2)
#define CHOOSE(e, f, g) ((word)LOGIC(e, f, g, 0xca))
#define MAJORITY(a, b, c) ((word)LOGIC(a, b, c, 0xe8))
#else
#define ROR SHIFTED
#define ROL(x, n) (((x) << (n)) | ((x) >> (64 - (n))))
#define XOR5(a, b, c, d, e) (a ^ b ^ c ^ d ^ e)
#define CHI(a, b, c) (a ^ (~b & c))
#define CHOOSE(e, f, g) (g ^ (e & (f ^ g)))
#define MAJORITY(a, b, c) ((a & b) | (c & (a | b)))
#endif
#define S0(x) (ROR(x, 7) ^ ROR(x, 18) ^ ((x) >> 3))
#define S1(x) (ROR(x, 17) ^ ROR(x, 19) ^ ((x) >> 10))

#define ROUND(a, b, c, d, e, f, g, h, i)                                                            \
  t = h + (ROR(e, 6) ^ ROR(e, 11) ^ ROR(e, 25)) + CHOOSE(e, f, g) + kw[i];                         \
  d += t;                                                                                           \
  h = t + (ROR(a, 2) ^ ROR(a, 13) ^ ROR(a, 22)) + MAJORITY(a, b, c);
#define EIGHT(i)                                                                                    \
  ROUND(a, b, c, d, e, f, g, h, i) ROUND(h, a, b, c, d, e, f, g, i + 1)                             \
  ROUND(g, h, a, b, c, d, e, f, i + 2) ROUND(f, g, h, a, b, c, d, e, i + 3)                         \
  ROUND(e, f, g, h, a, b, c, d, i + 4) ROUND(d, e, f, g, h, a, b, c, i + 5)                         \
  ROUND(c, d, e, f, g, h, a, b, i + 6) ROUND(b, c, d, e, f, g, h, a, i + 7)

/* Words 1 to 15 of the message; `fixed` is what they add to words 16 to 37. */
static u32 message[16], fixed[38];
static word kw[64];

static int is_fixed(int i) { return (i > 0 && i < 16) || i == 17 || i == 19 || i == 21; }

static void prepare(void) {
  u32 w[38];
  for (int i = 0; i < 16; i++) w[i] = message[i];
  for (int i = 16; i < 38; i++) {
    u32 sum = 0;
    if (is_fixed(i - 2)) sum += SHIFTED(w[i - 2], 17) ^ SHIFTED(w[i - 2], 19) ^ (w[i - 2] >> 10);
    if (is_fixed(i - 7)) sum += w[i - 7];
    if (is_fixed(i - 15)) sum += SHIFTED(w[i - 15], 7) ^ SHIFTED(w[i - 15], 18) ^ (w[i - 15] >> 3);
    if (is_fixed(i - 16)) sum += w[i - 16];
    fixed[i] = sum;
    w[i] = sum;
  }
  for (int i = 1; i < 22; i++)
    if (is_fixed(i)) kw[i] = WORD(w[i] + K[i]);
}

static inline void sha256(word w0, word *digest) {
  word w[64], t;
  w[16] = w0 + fixed[16];
  w[17] = WORD(fixed[17]);
  w[18] = S1(w[16]) + fixed[18];
  w[19] = WORD(fixed[19]);
  w[20] = S1(w[18]) + fixed[20];
  w[21] = WORD(fixed[21]);
  w[22] = S1(w[20]) + fixed[22];
  w[23] = w[16] + fixed[23];
  w[24] = S1(w[22]) + fixed[24];
  w[25] = S1(w[23]) + w[18] + fixed[25];
  w[26] = S1(w[24]) + fixed[26];
  w[27] = S1(w[25]) + w[20] + fixed[27];
  w[28] = S1(w[26]) + fixed[28];
  w[29] = S1(w[27]) + w[22] + fixed[29];
  w[30] = S1(w[28]) + w[23] + fixed[30];
  w[31] = S1(w[29]) + w[24] + S0(w[16]) + fixed[31];
  w[32] = S1(w[30]) + w[25] + w[16] + fixed[32];
  w[33] = S1(w[31]) + w[26] + S0(w[18]) + fixed[33];
  w[34] = S1(w[32]) + w[27] + w[18] + fixed[34];
  w[35] = S1(w[33]) + w[28] + S0(w[20]) + fixed[35];
  w[36] = S1(w[34]) + w[29] + w[20] + fixed[36];
  w[37] = S1(w[35]) + w[30] + S0(w[22]) + fixed[37];
  for (int i = 38; i < 64; i++) w[i] = S1(w[i - 2]) + w[i - 7] + S0(w[i - 15]) + w[i - 16];
  kw[0] = w0 + K[0];
  for (int i = 16; i < 64; i++) kw[i] = w[i] + K[i];
  word a = WORD(0x6a09e667), b = WORD(0xbb67ae85), c = WORD(0x3c6ef372), d = WORD(0xa54ff53a);
  word e = WORD(0x510e527f), f = WORD(0x9b05688c), g = WORD(0x1f83d9ab), h = WORD(0x5be0cd19);
  EIGHT(0) EIGHT(8) EIGHT(16) EIGHT(24) EIGHT(32) EIGHT(40) EIGHT(48) EIGHT(56)
  digest[0] = a + 0x6a09e667, digest[1] = b + 0xbb67ae85, digest[2] = c + 0x3c6ef372;
  digest[3] = d + 0xa54ff53a, digest[4] = e + 0x510e527f, digest[5] = f + 0x9b05688c;
  digest[6] = g + 0x1f83d9ab, digest[7] = h + 0x5be0cd19;
}

#define PARITY                                                                                      \
  const lane c0 = XOR5(a0, a5, a10, a15, a20), c1 = XOR5(a1, a6, a11, a16, a21);                    \
  const lane c2 = XOR5(a2, a7, a12, a17, a22), c3 = XOR5(a3, a8, a13, a18, a23);                    \
  const lane c4 = XOR5(a4, a9, a14, a19, a24);                                                      \
  const lane d0 = c4 ^ ROL(c1, 1), d1 = c0 ^ ROL(c2, 1), d2 = c1 ^ ROL(c3, 1);                      \
  const lane d3 = c2 ^ ROL(c4, 1), d4 = c3 ^ ROL(c0, 1);
#define ROW(x0, x1, x2, x3, x4)                                                                     \
  x0 = CHI(b0, b1, b2), x1 = CHI(b1, b2, b3), x2 = CHI(b2, b3, b4), x3 = CHI(b3, b4, b0), x4 = CHI(b4, b0, b1);

/* The first lane of the seal. */
static inline lane keccak_first(lane a0, lane a1, lane a2, lane a3) {
  const lane zero = LANE(0);
  lane a4 = LANE(1), a5 = zero, a6 = zero, a7 = zero, a8 = zero, a9 = zero, a10 = zero, a11 = zero, a12 = zero;
  lane a13 = zero, a14 = zero, a15 = zero, a16 = LANE(1ull << 63), a17 = zero, a18 = zero, a19 = zero, a20 = zero;
  lane a21 = zero, a22 = zero, a23 = zero, a24 = zero;
  for (int r = 0; r < 23; r++) {
    lane e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e11, e12, e13, e14, e15, e16, e17, e18, e19;
    PARITY
    lane b0 = a0 ^ d0, b1 = ROL(a6 ^ d1, 44), b2 = ROL(a12 ^ d2, 43), b3 = ROL(a18 ^ d3, 21), b4 = ROL(a24 ^ d4, 14);
    ROW(e0, e1, e2, e3, e4)
    e0 ^= RC[r];
    b0 = ROL(a3 ^ d3, 28), b1 = ROL(a9 ^ d4, 20), b2 = ROL(a10 ^ d0, 3), b3 = ROL(a16 ^ d1, 45), b4 = ROL(a22 ^ d2, 61);
    ROW(e5, e6, e7, e8, e9)
    b0 = ROL(a1 ^ d1, 1), b1 = ROL(a7 ^ d2, 6), b2 = ROL(a13 ^ d3, 25), b3 = ROL(a19 ^ d4, 8), b4 = ROL(a20 ^ d0, 18);
    ROW(e10, e11, e12, e13, e14)
    b0 = ROL(a4 ^ d4, 27), b1 = ROL(a5 ^ d0, 36), b2 = ROL(a11 ^ d1, 10), b3 = ROL(a17 ^ d2, 15), b4 = ROL(a23 ^ d3, 56);
    ROW(e15, e16, e17, e18, e19)
    b0 = ROL(a2 ^ d2, 62), b1 = ROL(a8 ^ d3, 55), b2 = ROL(a14 ^ d4, 39), b3 = ROL(a15 ^ d0, 41), b4 = ROL(a21 ^ d1, 2);
    ROW(a20, a21, a22, a23, a24)
    a0 = e0, a1 = e1, a2 = e2, a3 = e3, a4 = e4, a5 = e5, a6 = e6, a7 = e7, a8 = e8, a9 = e9;
    a10 = e10, a11 = e11, a12 = e12, a13 = e13, a14 = e14, a15 = e15, a16 = e16, a17 = e17, a18 = e18, a19 = e19;
  }
  PARITY
  (void)d3, (void)d4;
  const lane b0 = a0 ^ d0, b1 = ROL(a6 ^ d1, 44), b2 = ROL(a12 ^ d2, 43);
  return CHI(b0, b1, b2) ^ RC[23];
}

static word swapped(word x) {
  return (x >> 24) | ((x >> 8) & 0xff00) | ((x << 8) & 0xff0000) | (x << 24);
}

/* The smallest seal by its top 64 bits, read big-endian. */
static u64 least = ~0ull;

static void note(lane first) {
  const u64 *values = (const u64 *)&first;
  for (unsigned i = 0; i < sizeof first / 8; i++) {
    const u64 top = __builtin_bswap64(values[i]);
    if (top < least) least = top;
  }
}

static void try_at(u32 start) {
  word digest[8], w0 = WORD(start);
#ifdef BYTES
  for (int i = 0; i < LANES; i++) w0[i] += i;
#endif
  sha256(swapped(w0), digest);
  for (int i = 0; i < 8; i++) digest[i] = swapped(digest[i]);
#ifdef BYTES
  for (int half = 0; half < 2; half++) {
    word order;
    lane m[4];
    for (int i = 0; i < LANES; i++) order[i] = half * LANES / 2 + i / 2 + i % 2 * LANES;
    for (int k = 0; k < 4; k++) m[k] = (lane)__builtin_shuffle(digest[2 * k], digest[2 * k + 1], order);
    note(keccak_first(m[0], m[1], m[2], m[3]));
  }
#else
  lane m[4];
  for (int k = 0; k < 4; k++) m[k] = digest[2 * k] | (u64)digest[2 * k + 1] << 32;
  note(keccak_first(m[0], m[1], m[2], m[3]));
#endif
}

int main(int argc, char **argv) {
  const long count = (argc > 1 ? atol(argv[1]) : 4000000) / LANES * LANES;
  message[10] = 0x80000000, message[15] = 320;
  for (u32 i = 2; i < 10; i++) message[i] = i * 0x9e3779b9;
  prepare();
  struct timespec from, to;
  clock_gettime(CLOCK_MONOTONIC, &from);
  const clock_t cpu = clock();
  for (long i = 0; i < count; i += LANES) try_at((u32)i);
  const double cpu_seconds = (double)(clock() - cpu) / CLOCKS_PER_SEC;
  clock_gettime(CLOCK_MONOTONIC, &to);
  const double seconds = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
  printf("{\"hashes\":%ld,\"seconds\":%.6f,\"cpuSeconds\":%.6f,\"least\":\"%016llx\"}\n", count, seconds, cpu_seconds,
         (unsigned long long)least);
  return 0;
}
