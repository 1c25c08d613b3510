// SPDX-License-Identifier: Apache-2.0
#include "advisories/package_tables.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

#include "advisories/bytes.hpp"
#include "base/check.hpp"

namespace lockstep::advisories {

using layout::Section;

namespace {

constexpr std::size_t posting_bytes = 8;

std::uint32_t narrow(std::uint64_t value) {
  LS_CHECK(value <= std::numeric_limits<std::uint32_t>::max(), "the index is over 4 GiB somewhere");
  return static_cast<std::uint32_t>(value);
}

using Key = std::tuple<std::uint64_t, std::string_view, std::string_view>;

/// The packages of an older index, one after the other.
class OldPackages {
 public:
  OldPackages(const AdvisoryIndex::State* index, std::span<const std::uint32_t> numbers)
      : index_(index),
        rows_(index == nullptr ? 0 : index->rows(Section::packages)),
        numbers_(numbers) {}

  /// Goes to the next one. Error: data.index.
  Result<> next() {
    is_there_ = row_ < rows_;
    if (!is_there_) return {};
    const std::string_view table = index_->at(Section::packages);
    const std::size_t row = index_->row_of(Section::packages, row_++);
    const std::string_view names = index_->at(Section::package_names);
    const std::uint32_t name_at = u32_at(table, row + 8);
    const std::uint64_t first = u32_at(table, row + 12);
    const std::uint64_t count = u32_at(table, row + 16);
    if (name_at > names.size()) return index_->damaged("a package without a name");
    BlobReader texts(names.substr(name_at));
    std::get<0>(key_) = u64_at(table, row);
    std::get<1>(key_) = texts.text();
    std::get<2>(key_) = texts.text();
    if (!texts.good()) return index_->damaged("a package without a name");
    TRY(postings_, index_->blob(Section::postings, first * posting_bytes, count * posting_bytes));
    return {};
  }

  bool is_there() const { return is_there_; }

  const Key& key() const { return key_; }

  /// Those whose records are taken over. Error: data.index.
  Result<> add_postings(std::vector<Posting>& into) const {
    for (std::size_t at = 0; at < postings_.size(); at += posting_bytes) {
      const std::uint32_t record = u32_at(postings_, at);
      if (record >= numbers_.size()) return index_->damaged("postings of no record");
      if (numbers_[record] != no_record)
        into.push_back({numbers_[record], u32_at(postings_, at + 4)});
    }
    return {};
  }

 private:
  const AdvisoryIndex::State* index_;
  std::size_t rows_;
  std::span<const std::uint32_t> numbers_;
  std::size_t row_ = 0;
  bool is_there_ = false;
  Key key_;
  std::string_view postings_;
};

class PackageWriter {
 public:
  PackageWriter(OldPackages old, PackageSections into) : old_(old), into_(into) {}

  Result<> begin() { return old_.next(); }

  /// An entry of a new record; they come by package.
  Result<> add(const PackageEntry& entry) {
    const Key key{entry.hash, entry.ecosystem, entry.name};
    if (!is_open_ || key != Key{hash_, ecosystem_, name_}) {
      TRY_VOID(close());
      TRY_VOID(pass_old(&key));
      is_open_ = true;
      hash_ = entry.hash;
      ecosystem_ = entry.ecosystem;
      name_ = entry.name;
      if (old_.is_there() && old_.key() == key) {
        TRY_VOID(old_.add_postings(postings_));
        TRY_VOID(old_.next());
      }
    }
    postings_.push_back(entry.posting);
    return {};
  }

  Result<> end() {
    TRY_VOID(close());
    return pass_old(nullptr);
  }

 private:
  /// Writes the old packages before a key, or all.
  Result<> pass_old(const Key* before) {
    while (old_.is_there() && (before == nullptr || old_.key() < *before)) {
      TRY_VOID(old_.add_postings(postings_));
      TRY_VOID(write(old_.key()));
      TRY_VOID(old_.next());
    }
    return {};
  }

  Result<> close() {
    if (!is_open_) return {};
    std::ranges::sort(postings_);
    is_open_ = false;
    return write({hash_, ecosystem_, name_});
  }

  Result<> write(const Key& key) {
    if (postings_.empty()) return {};
    std::string& packages = into_.packages.tail();
    put_u64(packages, std::get<0>(key));
    put_u32(packages, narrow(into_.names.size()));
    put_u32(packages, written_);
    put_u32(packages, narrow(postings_.size()));
    put_text(into_.names.tail(), std::get<1>(key));
    put_text(into_.names.tail(), std::get<2>(key));
    for (const Posting& posting : postings_) {
      put_u32(into_.postings.tail(), posting.record);
      put_u32(into_.postings.tail(), posting.offset);
    }
    written_ = narrow(written_ + std::uint64_t{postings_.size()});
    postings_.clear();
    TRY_VOID(into_.packages.settle());
    TRY_VOID(into_.names.settle());
    return into_.postings.settle();
  }

  OldPackages old_;
  PackageSections into_;
  bool is_open_ = false;
  std::uint64_t hash_ = 0;
  std::string ecosystem_;
  std::string name_;
  std::vector<Posting> postings_;
  std::uint32_t written_ = 0;
};

}  // namespace

Result<> write_packages(PackageRuns& entries,
                        const AdvisoryIndex::State* older,
                        std::span<const std::uint32_t> numbers,
                        PackageSections into) {
  PackageWriter writer(OldPackages(older, numbers), into);
  TRY_VOID(writer.begin());
  TRY_VOID(entries.walk([&](const PackageEntry& entry) { return writer.add(entry); }));
  return writer.end();
}

}  // namespace lockstep::advisories
