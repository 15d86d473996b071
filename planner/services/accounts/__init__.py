"""Who signs in, and how: one-time links, passphrases, remembered devices that can be revoked. No shared accounts."""

from planner.services.accounts.devices import (
    DeviceView,
    SignedInDevice,
    device_seen,
    device_user,
    devices,
    revoke_device,
    sign_out,
)
from planner.services.accounts.people import (
    UserFilter,
    UserForm,
    UserView,
    change_user,
    create_user,
    disable,
    enable,
    ensure_role_users,
    me,
    set_language,
    user,
    user_by_login,
    users,
)
from planner.services.accounts.signing_in import issue_link, redeem_link, set_passphrase, sign_in

__all__ = [
    "DeviceView",
    "SignedInDevice",
    "UserFilter",
    "UserForm",
    "UserView",
    "change_user",
    "create_user",
    "device_seen",
    "device_user",
    "devices",
    "disable",
    "enable",
    "ensure_role_users",
    "issue_link",
    "me",
    "redeem_link",
    "revoke_device",
    "set_language",
    "set_passphrase",
    "sign_in",
    "sign_out",
    "user",
    "user_by_login",
    "users",
]
