"""Sentences for the refusals that any feature may raise."""

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "outside_territory": _l("这条记录不在您的管辖区域内。请用有权限的账号登录，或联系上级主管部门。"),
    "outside_scope": _l("这条记录不属于您的单位，您不能查看或操作。"),
    "wrong_role": _l("您的账号没有这项权限。请换用相应岗位的账号登录。"),
    "not_found": _l("没有找到这条记录。它可能已被移动，或地址有误。"),
    "form_expired": _l("页面停留太久，表单已失效。请返回上一页，重新提交；已保存的内容不会丢失。"),
    "server_error": _l(
        "系统出现意外错误，已记录。如刚才提交过内容，请先查看是否已保存，再决定是否重试；再次出现请联系管理员。"
    ),
    "job_gave_up": _l("任务多次中断，已停止。请重新发起；再次出现请联系管理员。"),
    "too_many_requests": _l("操作过于频繁。请等一分钟再试。"),
    "file_missing": _l("请选择一个文件。"),
    "file_too_large": _l("文件超过 %(limit_mb)s MB。请拆分后分次导入。"),
    "not_xlsx": _l("这不是 .xlsx 文件（内容与扩展名不符）。请在 Excel 或 WPS 中另存为 .xlsx 后再导入。"),
    "other_than_xlsx": _l("只能导入 .xlsx 文件。.csv、.xls 等文件请在 Excel 或 WPS 中打开，另存为 .xlsx 后再导入。"),
    "file_broken": _l("文件无法读取，可能已损坏。请重新保存后再导入。"),
    "too_many_rows": _l("文件超过 %(limit)s 行。请拆分后分次导入。"),
    "no_rows": _l("文件里没有数据行。请在表头下方填写数据后再导入。"),
    "column_missing": _l("缺少列“%(column)s”。请使用下载的模板，不要改动表头。"),
    "formula": _l("单元格里是公式。请改为数值（复制后选择“粘贴为数值”）。"),
    "required": _l("此项必填。"),
    "import_has_errors": _l("文件中有 %(count)s 处错误，未导入任何数据。请按清单修改后重新上传。"),
    "import_unknown": _l("没有找到这次导入。"),
    "import_not_loaded": _l("这次导入没有写入数据，无需撤销。"),
    "import_in_use": _l("这次导入的数据已被后续业务使用，不能整体撤销。"),
}
