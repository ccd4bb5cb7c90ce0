#pragma once

#include <tributary/cel/type.hpp>

#include <vector>

namespace tributary::cel {

/// The type variables of one check and what is known of them. Not thread-safe.
///
/// A variable takes the type of the first thing that is put where it stands, and the more general of two
/// after that, where dyn is more general than anything. An attempt that fails leaves no trace.
class unifier {
  public:
    /// A variable of which nothing is known.
    type fresh();
    /// May something of type `from` stand where `to` is expected? Learns about variables when it may.
    bool assign(const type& from, const type& to);
    /// The same for several at once: all of them, or nothing is learnt.
    bool assign_all(std::span<const type> from, std::span<const type> to);
    /// One type for both when either may stand for the other; false leaves `into` alone.
    bool join(const type& other, type& into);
    /// The type with what is known of its variables; those of which nothing is known stay.
    type resolve(const type& of) const;
    /// The same, with dyn for what is not known.
    type final(const type& of) const;

  private:
    bool try_assign(const type& from, const type& to);
    bool assign_variable(const type& variable, const type& other, bool variable_is_target);
    /// Nothing can be known of the variables in a type that something unknown was put for: they are dyn.
    void forget(const type& in);
    bool occurs(std::uint32_t variable, const type& in) const;
    type general(const type& left, const type& right) const;
    type map_variables(const type& of, bool unknown_is_dyn) const;
    void bind(std::uint32_t variable, type to);

    struct binding {
        bool known = false;
        type to;
    };
    struct change {
        std::uint32_t variable;
        binding before;
    };
    std::vector<binding> bindings_;
    std::vector<change> trail_;
};

} // namespace tributary::cel
