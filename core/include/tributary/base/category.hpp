#pragma once

#include <boost/system/error_category.hpp>

#include <string>
#include <string_view>

namespace tributary {

// Boost's base class has a protected destructor, which is safe and which the compiler warns of nevertheless.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
/// The error category of an area: a name ("tributary.facts") and a function from value to message. One static
/// constant object per area.
class message_category final : public boost::system::error_category {
  public:
    using message_function = std::string_view (*)(int value) noexcept;

    constexpr message_category(const char* name, message_function text) noexcept
        : name_(name), message_(text) {}

    const char* name() const noexcept override { return name_; }
    std::string message(int value) const override { return std::string(message_(value)); }

  private:
    const char* name_;
    message_function message_;
};
#pragma GCC diagnostic pop

} // namespace tributary
