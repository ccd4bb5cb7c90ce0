// The main of every test executable. Written out, because the macro that would make it has to be defined
// before the first include, which is that of the precompiled header.
#include <boost/test/unit_test.hpp>

namespace {

bool name_the_module() {
    boost::unit_test::framework::master_test_suite().p_name.value = "tributary";
    return true;
}

} // namespace

int main(int count, char** arguments) {
    return boost::unit_test::unit_test_main(&name_the_module, count, arguments);
}
