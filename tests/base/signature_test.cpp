// SPDX-License-Identifier: Apache-2.0
#include "base/signature.hpp"

#include <gtest/gtest.h>

namespace lockstep {
namespace {

std::string bytes_of(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2)
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  return bytes;
}

std::string pem(const std::string& label, const std::string& der) {
  return "-----BEGIN " + label + "-----\n" + to_base64(der) + "\n-----END " + label + "-----\n";
}

/// Keys of RFC 8032 in the form of RFC 8410.
std::string secret(std::string_view hex) {
  return pem("PRIVATE KEY", bytes_of("302e020100300506032b657004220420") + bytes_of(hex));
}

std::string open(std::string_view hex) {
  return pem("PUBLIC KEY", bytes_of("302a300506032b6570032100") + bytes_of(hex));
}

/// RFC 8032, section 7.1, tests 1 to 3.
TEST(Signature, Ed25519IsThatOfTheStandard) {
  struct Vector {
    const char* secret;
    const char* open;
    const char* message;
    const char* signature;
  };

  for (const Vector& one : {
           Vector{"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                  "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
                  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac"
                  "c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
           Vector{"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                  "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
                  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e"
                  "458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
           Vector{"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
                  "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
                  "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290"
                  "ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
       }) {
    const auto signature = sign_bytes(secret(one.secret), bytes_of(one.message));
    ASSERT_TRUE(signature.has_value());
    EXPECT_EQ(*signature, bytes_of(one.signature));
    EXPECT_EQ(verify_bytes(open(one.open), bytes_of(one.message), *signature), true);
    EXPECT_EQ(verify_bytes(open(one.open), bytes_of(one.message) + "x", *signature), false);
    EXPECT_EQ(*key_id_of(secret(one.secret)), *key_id_of(open(one.open)));
  }
}

/// The example of the DSSE specification.
TEST(Signature, EncodesWhatIsSigned) {
  EXPECT_EQ(pre_authentication_encoding("http://example.com/HelloWorld", "hello world"),
            "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
}

/// RFC 4648, section 10.
TEST(Signature, Base64IsThatOfTheStandard) {
  for (const auto& [plain, text] : std::vector<std::pair<std::string, std::string>>{
           {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}}) {
    EXPECT_EQ(to_base64(plain), text);
    EXPECT_EQ(from_base64(text), plain);
  }
  EXPECT_FALSE(from_base64("Zg=").has_value());
  EXPECT_FALSE(from_base64("Z*==").has_value());
  for (const char* text : {"Zg==Zm9v", "====", "Zm9v\n\n\n\n", "    Zm9v", "Zg==\n"})
    EXPECT_FALSE(from_base64(text).has_value()) << text;
}

/// RFC 4648, section 5; a verifier of DSSE takes both alphabets.
TEST(Signature, Base64MayBeThatOfUrls) {
  EXPECT_EQ(to_base64("\xfb\xff"), "+/8=");
  EXPECT_EQ(from_base64("+/8="), "\xfb\xff");
  EXPECT_EQ(from_base64("-_8="), "\xfb\xff");
}

TEST(Signature, AnEnvelopeOpensUnderItsKeyOnly) {
  const std::string mine =
      secret("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  const std::string open_mine =
      open("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  const std::string other =
      open("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  auto envelope = signed_envelope("text/x", "hello", mine);
  ASSERT_TRUE(envelope.has_value());
  EXPECT_EQ(opened_envelope(*envelope, "text/x", open_mine, "e"), "hello");
  EXPECT_EQ(opened_envelope(*envelope, "text/x", other, "e").error().code, "signature.wrong");
  EXPECT_EQ(opened_envelope(*envelope, "text/y", open_mine, "e").error().code,
            "signature.envelope");
  EXPECT_EQ(opened_envelope(*envelope, "text/x", mine, "e").error().code, "signature.key");
  // Somebody else signed it too, in a way that this program does not read.
  Json signatures = Json::array().push(Json::object_of({{"keyid", "x"}, {"sig", "?"}}));
  signatures.push((*envelope)["signatures"].items().at(0));
  envelope->set("signatures", std::move(signatures));
  EXPECT_EQ(opened_envelope(*envelope, "text/x", open_mine, "e"), "hello");
  EXPECT_EQ(opened_envelope(*envelope, "text/x", other, "e").error().code, "signature.wrong");
  envelope->set("payload", to_base64("hallo"));
  EXPECT_EQ(opened_envelope(*envelope, "text/x", open_mine, "e").error().kind,
            ErrorKind::verification);
}

}  // namespace
}  // namespace lockstep
