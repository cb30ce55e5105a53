"""Thai words for signing in and out."""

THAI = {
    "Sign in": "เข้าสู่ระบบ",
    "Sign in to see your orders": "เข้าสู่ระบบเพื่อดูคำสั่งซื้อของร้าน",
    "Email": "อีเมล",
    "Password": "รหัสผ่าน",
    "The email or the password is wrong. Please check both and try again.": "อีเมลหรือรหัสผ่านไม่ถูกต้อง กรุณาตรวจสอบแล้วลองใหม่อีกครั้งค่ะ",
    "Too many wrong passwords. For safety, signing in is paused until %(time)s (%(minutes)s minutes from now).": (
        "ใส่รหัสผ่านผิดหลายครั้ง เพื่อความปลอดภัย กรุณาลองใหม่หลัง %(time)s (อีก %(minutes)s นาที)"
    ),
}
