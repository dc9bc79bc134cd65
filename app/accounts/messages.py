"""Sentences for refusals about accounts."""

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "login_taken": _l("登录名“%(login)s”已被使用。请换一个。"),
    "scope_missing": _l("这个角色需要写明范围：监管写行政区划代码，培训机构和考试点写其代码，企业写统一社会信用代码。"),
    "scope_unknown": _l("没有这个范围：%(scope)s。请核对代码。"),
    "password_too_short": _l("密码至少 %(minimum)s 个字符。"),
    "passwords_differ": _l("两次输入的密码不一致。"),
    "password_already_set": _l("这个账号已设置密码，请用密码登录后修改。"),
    "password_too_simple": _l("这个密码容易被猜到：不要用证件号码、登录名、姓名、连续或重复的字符。请换一个。"),
    "password_wrong": _l("现在的密码不对。连续输错 10 次，账号会锁定 15 分钟。"),
    "login_unknown": _l("没有登录名为“%(login)s”的账号。请核对登录名。"),
    "login_may_not": _l("账号“%(login)s”已停用，或没有这项权限。请换用有权限的账号。"),
    "login_is_number": _l("登录名不能是证件号码那样的号码。请改用字母开头的名称。"),
    "sign_in_failed": _l(
        "账号或密码不对。请检查后重试；连续输错 10 次，账号会锁定 15 分钟。忘记密码请联系管理员或培训机构。"
    ),
    "admission_failed": _l("证件号码与准考证号不匹配。请对照考试通知单逐位核对。"),
    "sitting_over": _l("这场考试已经结束，准考证号不能再用于登录。"),
}
